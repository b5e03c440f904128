import type { Line, Range } from '../line.ts'
import { readMarker } from './markers/index.ts'

/** A heading in a line: what it says, what closes it, and where the rest begins. Offsets in the line. */
export interface HeadingReading {
  readonly start: number
  readonly end: number
  readonly endLength: number
  readonly rule: 'heading.emphasis' | 'heading.line' | 'heading.sentence' | 'heading.markup'
}

/** What emphasis means in this letter: a typeface that most of it is set in says nothing. */
export interface Emphasis {
  readonly bold: boolean
  readonly font: boolean
}

const LONGEST_LINE = 40
const LONGEST_SENTENCE = 30

/** First words of statements: `我局高度重视…`, `目前…`, `2021年以来…`; they bar a run-in heading. */
const STATEMENT =
  /^(?:我(?:[局委们办区市县省厅院镇乡街部处校会国州盟旗所站段队社行署园司]|公司|中心|单位|支队|集团)|本(?:局|委|区|市|县|部门|单位)|目前|近年|近[几两三五]年|截[至止]|今年|去年|下一步|根据|按照|针对|(?:19|20)\d\d ?年|[一二][〇○零Oo0九][〇○零Oo0一二三四五六七八九]{2}年)/
/** A count in Arabic digits with its unit: `117处`, `2100余辆`, `3.5%`. */
const COUNT =
  /(?<![第\dA-Za-z“"《])\d[\d,.]*(?:万|亿|千|百)?(?:余|多|几)?(?:万|亿|千|百)?(?:[处辆个家人名件条次座所户亩吨台套项元批间栋幢例起种类场班所张份部册篇组队位万亿棵株口根盏宗片块盆艘架枚只头羽桩头%‰℃]|平方|立方|公里|千米|公顷|公斤|千克|毫米|厘米|米|百分点|人次|人民币|美元|千瓦|兆|床位|课时|车位)/

const codePoints = (text: string) => {
  let count = text.length
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) count--
  return count
}

/** Share of the plain text above which emphasis is its dress. */
const DRESS = 0.5

/** Whether bold and heading typefaces mean something in these lines: not when the plain sentences wear them too. */
export function judgeEmphasis(lines: readonly Line[]): Emphasis {
  const plain = lines.filter(({ folded }) => /。./.test(folded) || (/。$/.test(folded) && readMarker(folded) === null))
  const total = plain.reduce((sum, line) => sum + line.text.length, 0)
  const isDress = (ranges: (line: Line) => readonly Range[]) => {
    const set = plain.flatMap((line) => ranges(line).map(({ start, end }) => end - start))
    return set.reduce((sum, length) => sum + length, 0) > total * DRESS
  }
  return { bold: !isDress((line) => line.bold), font: !isDress((line) => line.headingFont) }
}

/** The heading of a numbered line whose marker ends at `from`; null when the line is all text. */
export function readHeading(line: Line, from: number, emphasis: Emphasis): HeadingReading | null {
  if (from >= line.text.length) return null
  return byEmphasis(line, from, emphasis) ?? byLength(line, from) ?? bySentence(line, from)
}

/** `**（一）推进规模化供水。**以…`: emphasis over more than the marker that ends at 。, ： or the line's end. */
function byEmphasis(line: Line, from: number, emphasis: Emphasis): HeadingReading | null {
  const stretches = [...(emphasis.bold ? line.bold : []), ...(emphasis.font ? line.headingFont : [])]
  const end = Math.max(
    0,
    ...stretches.filter((range) => range.start <= from && range.end > from).map((range) => range.end),
  )
  if (end <= from) return null
  const closed = /[。:]$/.test(line.folded.slice(from, end))
  const closes = closed ? end - 1 : end
  if (!closed && end < line.text.length && !/^[。:]/.test(line.folded.slice(end))) return null
  if (/[。;!?]/.test(line.folded.slice(from, closes)) || closes <= from) return null
  return { start: from, end: closes, endLength: closes < line.text.length ? 1 : 0, rule: 'heading.emphasis' }
}

/** (a) `一、强化顶层设计`: all of a numbered line of up to 40 characters without 。；： at its end. */
function byLength(line: Line, from: number): HeadingReading | null {
  if (codePoints(line.text.slice(from)) > LONGEST_LINE || /[。;:]$/.test(line.folded)) return null
  return { start: from, end: line.text.length, endLength: 0, rule: 'heading.line' }
}

/** (b) `（一）科学编制规划。在…`: a first sentence of up to 30 characters that reads as a title. */
function bySentence(line: Line, from: number): HeadingReading | null {
  const rest = line.folded.slice(from, from + 2 * LONGEST_SENTENCE + 2)
  const stop = /。|(?<!\d):|:(?!\d)/.exec(rest)
  if (!stop || stop.index === 0) return null
  const sentence = rest.slice(0, stop.index)
  if (codePoints(sentence) > LONGEST_SENTENCE || /[;?!]/.test(sentence)) return null
  if (STATEMENT.test(sentence) || COUNT.test(sentence)) return null
  return { start: from, end: from + stop.index, endLength: 1, rule: 'heading.sentence' }
}

/** (c) An unnumbered line that is h1–h6 or wholly bold, up to 40 characters, without 。；： at its end. */
export function isHeadingByMarkup(line: Line, emphasis: Emphasis): boolean {
  if (codePoints(line.text) > LONGEST_LINE || /[。;:]$/.test(line.folded) || line.row) return false
  if (line.heading) return true
  const [only] = line.bold
  return emphasis.bold && line.bold.length === 1 && only!.start === 0 && only!.end === line.text.length
}
