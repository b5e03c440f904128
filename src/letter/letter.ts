import { type Diagnostic, diagnostic } from '../diagnostics.ts'
import type { Line } from '../line.ts'
import type { Block, Reply } from '../record.ts'
import { FORMULA, PAPER, RECEIVED } from '../text/cues.ts'
import { endsInClosing, isClosing } from './closing.ts'
import { type EndRole, endRole, findEnding } from './ending.ts'
import { judgeEmphasis } from './heading.ts'
import { readMarker } from './markers/index.ts'
import { type BlockPlace, buildOutline, type RoledLine } from './outline.ts'
import { type PageWords, type Place, readReply } from './reply.ts'
import { isGreeting, isSalutation, isSalutationByPlace, salutationOf } from './salutation.ts'

export interface LetterReading {
  readonly blocks: readonly Block[]
  readonly blockPlaces: readonly BlockPlace[]
  readonly reply: Reply
  readonly places: readonly Place[]
  /** Lines behind the end of the letter that are no part of it. */
  readonly behind: readonly Line[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What the lines of a letter say. `page`: the words of the page that decide where the letter does not. */
export function readLetter(lines: readonly Line[], page: PageWords): LetterReading {
  const parts = divide(lines)
  const roled: RoledLine[] = []
  const behind: Line[] = []
  lines.forEach((line, i) => {
    const role = parts.roles[i]
    if (role === undefined) behind.push(line)
    else roled.push({ line, role })
  })
  const of = (role: RoledLine['role']) => roled.filter((one) => one.role === role).map(({ line }) => line)
  const outline = buildOutline(roled, judgeEmphasis(of('body')))
  const { reply, places, diagnostics } = readReply(
    {
      header: of('header'),
      salutation: of('salutation')[0] ?? null,
      openings: of('opening'),
      signatures: of('signature'),
      dates: of('date'),
      contacts: of('contact'),
      copies: of('copy_to'),
      attachments: of('attachment'),
      notes: of('note'),
    },
    page,
  )
  return {
    blocks: outline.blocks,
    blockPlaces: outline.places,
    reply,
    places,
    behind,
    diagnostics: [
      ...diagnostics,
      ...outline.diagnostics,
      ...findLostText(of('body')),
      ...(behind.length > 0
        ? [diagnostic('letter.text_after_end', `Lines behind the end of the letter are removed (${behind.length}).`)]
        : []),
    ],
  }
}

/** Gives every line its role: above the salutation, opening, body, closings, end matter. */
function divide(lines: readonly Line[]): { roles: (RoledLine['role'] | undefined)[] } {
  const roles: (RoledLine['role'] | undefined)[] = lines.map(() => 'body')
  // A numbered line above the salutation is a heading of the page, no item of the letter.
  const address = lines.slice(0, 15).findIndex((line) => isSalutation(line.folded))
  const opens = lines
    .slice(address + 1, address + 4)
    .some(({ folded }) => FORMULA.test(folded) || (RECEIVED.test(folded) && PAPER.test(folded)))
  const firstItem = indexOrEnd(
    lines.findIndex((line, i) => isItem(line) && !(opens && i < address)),
    lines,
  )
  const formula = lines.findIndex((line, i) => i < firstItem && FORMULA.test(line.folded))
  const received = lines.findIndex((line, i) => i < firstItem && RECEIVED.test(line.folded) && PAPER.test(line.folded))
  const firstOpening = formula >= 0 ? formula : received
  const hasOpening = firstOpening >= 0
  const salutation = findSalutation(lines, hasOpening ? firstOpening : Math.min(firstItem, 15), hasOpening)
  const headerEnd = salutation ?? headerLength(lines, firstOpening >= 0 ? firstOpening : firstItem)
  for (let i = 0; i < headerEnd; i++) roles[i] = 'header'
  let bodyStart = headerEnd
  if (salutation !== null) {
    roles[salutation] = 'salutation'
    bodyStart = salutation + 1
    if (lines[bodyStart] && isGreeting(lines[bodyStart]!.folded)) roles[bodyStart++] = 'salutation'
  }
  let lastOpening = bodyStart - 1
  for (let i = bodyStart; i < firstItem; i++)
    if (formula >= 0 ? FORMULA.test(lines[i]!.folded) : i === received) {
      roles[i] = 'opening'
      lastOpening = i
    }
  const ending = findEnding(lines, lastOpening + 1)
  for (let i = ending.start; i < lines.length; i++) roles[i] = ending.roles.get(i) satisfies EndRole | undefined
  const bodyEnd = markClosings(lines, roles, lastOpening + 1, ending.start)
  endSequence(lines, roles, bodyEnd)
  return { roles }
}

const indexOrEnd = (index: number, lines: readonly Line[]) => (index < 0 ? lines.length : index)

/** A numbered line; thanks and leads that begin with 首先 are none. */
function isItem(line: Line): boolean {
  const marker = readMarker(line.folded)
  return marker !== null && marker.style.name !== 'sequence' && !line.row
}

/** The line that addresses somebody: the last such line above the opening; null when there is none. */
function findSalutation(lines: readonly Line[], before: number, hasOpening: boolean): number | null {
  const limit = Math.min(before, lines.length)
  for (let i = limit - 1; i >= 0; i--) if (isSalutation(lines[i]!.folded)) return i
  const above = lines[limit - 1]
  if (hasOpening && above && isSalutationByPlace(above.folded)) return limit - 1
  return null
}

const TITLE_PIECE = /^(?:关于|对)|(?:答 *复|复 *函|答复函|的 *函|办理意见|落实情况)$|^[(（]?第 ?[A-Z]?\d+ ?号/
const HEADER_WORDS =
  /[〔[(【﹝]\d{4}[〕\])】﹞] ?(?:第 ?)?\d{1,5} ?号|^(?:类 *别|签发|签 *发 *人|公开属性|是否同意公开|办理结果|办复情况|办复类别|文号)|^[A-D]类?$|文件$/

/** How many first lines are header where no salutation parts them from the letter. */
function headerLength(lines: readonly Line[], before: number): number {
  const isOpeningLine = (line: Line) => salutationOf(line) !== null
  let length = 0
  for (let i = 0; i < Math.min(before, lines.length, 10); i++) {
    const line = lines[i]!
    if (isOpeningLine(line)) break
    if (
      line.text.length <= 60 &&
      !/[。;]$/.test(line.folded) &&
      (TITLE_PIECE.test(line.folded) || HEADER_WORDS.test(line.folded))
    )
      length = i + 1
  }
  return length
}

/** Marks the unbroken run of closings right before the end matter; gives the index where the body ends. */
function markClosings(
  lines: readonly Line[],
  roles: (RoledLine['role'] | undefined)[],
  from: number,
  end: number,
): number {
  let bodyEnd = end
  for (let i = end - 1; i >= from; i--) {
    const line = lines[i]!
    if (line.row || isItem(line)) break
    // End matter may stand between two closings: 如有意见，请联系。 联系电话：… 感谢…
    const role = bodyEnd < end ? endRole(line) : null
    if (role === null && !isClosing(line.folded) && !endsInClosing(line.folded)) break
    if (role === 'date') break
    roles[i] = role ?? 'closing'
    bodyEnd = i
  }
  return bodyEnd
}

/** `最后，…` that ends a 首先/其次 series is an item, not a closing, unless it is thanks. */
function endSequence(lines: readonly Line[], roles: (RoledLine['role'] | undefined)[], bodyEnd: number): void {
  const line = lines[bodyEnd]
  if (!line || roles[bodyEnd] !== 'closing' || !/^最后[,、:]/.test(line.folded)) return
  if (isClosing(line.folded.replace(/^最后[,、:] ?/, ''))) return
  const inSeries = lines
    .slice(0, bodyEnd)
    .some((one, i) => roles[i] === 'body' && /^(?:其次|再次)[,、:]/.test(one.folded))
  if (inSeries) roles[bodyEnd] = 'body'
}

/** A first item whose numeral a text rendering lost: `、[H]` before `二、`, `是[H]。` before `二是`. */
function findLostText(lines: readonly Line[]): Diagnostic[] {
  return lines.flatMap((line, i) => {
    if (!/^(?:、|是(?=[^,。]{2,30}[。,]))/.test(line.folded)) return []
    const next = lines.slice(i + 1, i + 10).find((one) => readMarker(one.folded) !== null)
    if (next === undefined || readMarker(next.folded)?.number !== 2) return []
    return [diagnostic('letter.lost_text', 'The numeral of a first item is missing; the line is kept as printed.')]
  })
}
