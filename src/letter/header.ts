import { part, type Stretch } from '../text/stretch.ts'

/** `砚市环函〔2019〕187号`, `建议字：〔2023〕8号`, `岚民函〔2023〕第31号`. GB/T 9704 7.2.5; brackets as met. */
const DOCUMENT_NUMBER =
  /([\u3007\u4e00-\u9fffA-Za-z]{1,20}(?: ?字)? ?:? ?)[〔[(【﹝] ?\d{4} ?[〕\])】﹞] ?(?:第 ?)?\d{1,5} ?号/
const LABEL_BEFORE = /^(?:发文字号|文号|发文号|编号|字号) ?[:] ?/
const LABELLED =
  /(类 {0,4}别|办理结果|办复类别|办复情况|办复结果|办理类别|公开属性|是否同意公开|是否公开|签发领导|签 {0,4}发 {0,4}人|承办单位|会办单位|联系人) ?[::] ?/g
const DISPOSITION = /^(?:类别|办理结果|办复类别|办复情况|办复结果|办理类别)$/
const DISCLOSURE = /^(?:公开属性|是否同意公开|是否公开)$/
const CLASS_LINE = /^[[(【]?[A-D] ?类?[\])】]?$/
const GLUED_CLASS = /(?<=号) ?[[(【]?([A-D]) ?类[\])】]?/
const BARE_LABEL = /^(类 {0,4}别|办理结果|办复类别|办复情况|办复结果|公开属性|是否同意公开) ?:?$/

/** What a header line, or a class line below the closing, says. */
export interface HeaderFields {
  documentNumber: Stretch | null
  disposition: { value: string; raw: Stretch } | null
  disclosure: { value: string; raw: Stretch } | null
}

/** The document number in a line, what is glued on left out; null when it has none. */
export function findDocumentNumber(line: Stretch): Stretch | null {
  const from = LABEL_BEFORE.exec(line.folded)?.[0].length ?? 0
  const rest = part(line, from)
  const match = DOCUMENT_NUMBER.exec(rest.folded)
  return match ? part(rest, match.index, match.index + match[0].length) : null
}

/** Whether a line is labels of class, disclosure or signing, or their lone class letter. */
export function isClassLine(folded: string): boolean {
  const first = [...folded.matchAll(LABELLED)][0]
  return (first !== undefined && first.index <= 1) || BARE_LABEL.test(folded) || CLASS_LINE.test(folded)
}

/** Reads the lines above the salutation, or the class lines below the closing; a label alone takes the next line. */
export function readHeaderFields(lines: readonly Stretch[]): HeaderFields {
  const fields: HeaderFields = { documentNumber: null, disposition: null, disclosure: null }
  const give = (label: string, raw: Stretch) => {
    const value = raw.folded
      .replace(/[[\](){}【】《》"“”]/g, '')
      .replace(/类$/, '')
      .trim()
    if (value === '' || /^(?:提案|建议|议案|平时建议|代表建议|委员提案)$/.test(value)) return
    const printed = raw.text
      .replace(/[[\](){}（）【】［］"“”]/g, '')
      .replace(/[类類]$/, '')
      .trim()
    if (DISPOSITION.test(label)) fields.disposition ??= { value: printed, raw }
    else if (DISCLOSURE.test(label)) fields.disclosure ??= { value: printed, raw }
  }
  lines.forEach((line, i) => {
    fields.documentNumber ??= findDocumentNumber(line)
    const glued = GLUED_CLASS.exec(line.folded)
    if (glued) give('类别', part(line, glued.index, glued.index + glued[0].length))
    const labels = [...line.folded.matchAll(LABELLED)]
    labels.forEach((match, j) => {
      const label = match[1]!.replace(/ /g, '')
      let raw = part(line, match.index + match[0].length, labels[j + 1]?.index)
      const stop = /[ ;,]/.exec(raw.folded)
      if (stop) raw = part(raw, 0, stop.index)
      if (raw.text === '' && j === labels.length - 1) raw = valueLine(lines[i + 1]) ?? raw
      give(label, raw)
    })
    const bare = labels.length === 0 ? BARE_LABEL.exec(line.folded) : null
    const next = bare && valueLine(lines[i + 1])
    if (bare && next) give(bare[1]!.replace(/ /g, ''), next)
    if (CLASS_LINE.test(line.folded)) give('类别', line)
  })
  return fields
}

/** A line that can be the value of the label line above it. */
function valueLine(line: Stretch | undefined): Stretch | null {
  if (line === undefined || line.text.length > 20 || BARE_LABEL.test(line.folded) || /:/.test(line.folded)) return null
  return line
}
