import type { Item } from '../record.ts'
import { readHan, readNumber } from '../text/numerals.ts'
import { circledNumber } from './markers/circled.ts'
import { HAN_NUMERAL, isEnumeration } from './markers/marker.ts'

/** A series that may stand inside a text: `一是…；二是…`. Group 1 is the numeral. */
interface Series {
  readonly pattern: RegExp
  readonly number: (numeral: string, rest: string) => number | null
}

const BOUNDARY = '(?:^|(?<=[。；;：:，,!?！？]["”’）)]? {0,2}))'
const SERIES: readonly Series[] = [
  { pattern: new RegExp(`${BOUNDARY}([一二三四五六七八九十]{1,3})是[,、:]?`, 'g'), number: readHan },
  { pattern: new RegExp(`${BOUNDARY}([一二三四五六七八九十]{1,3})要(?!素|点|求|件)[,、:]?`, 'g'), number: readHan },
  { pattern: new RegExp(`${BOUNDARY}第(${HAN_NUMERAL})[,、:]`, 'g'), number: readHan },
  { pattern: new RegExp(`${BOUNDARY}([①-⑳㉑-㉟㊱-㊿])[、.]?`, 'g'), number: circledNumber },
  { pattern: new RegExp(`${BOUNDARY}\\( ?(\\d{1,2}) ?\\)[、.]?`, 'g'), number: Number },
  {
    pattern: new RegExp(`${BOUNDARY}(\\d{1,2})[.、](?!\\d)`, 'g'),
    number: (numeral, rest) => (isEnumeration(Number(numeral), rest, readNumber) ? null : Number(numeral)),
  },
]

/** Every series begins with one of these. */
const FIRST_MEMBER = /一[是要]|第一|①|\( ?1 ?\)|1[.、]/

interface Mark {
  readonly start: number
  readonly end: number
  readonly number: number
}

/** The marks of one series in a text, and its next run of members. */
class Reader {
  private readonly marks: readonly Mark[]
  private next = 0
  /** The first run 1, 2, 3 … of at least two marks that is not yet passed; null when there is none left. */
  run: readonly Mark[] | null = []

  constructor({ pattern, number }: Series, folded: string) {
    this.marks = [...folded.matchAll(pattern)].flatMap((match): Mark[] => {
      const end = match.index + match[0].length
      const value = number(match[1]!, folded.slice(end, end + 12))
      return value === null ? [] : [{ start: match.index, end, number: value }]
    })
    this.seek(0)
  }

  seek(from: number): void {
    if (this.run === null || (this.run.length > 0 && this.run[0]!.start >= from)) return
    while (this.next < this.marks.length && this.marks[this.next]!.start < from) this.next++
    let run: Mark[] = []
    for (let i = this.next; i < this.marks.length; i++) {
      const mark = this.marks[i]!
      if (run.length > 0 && mark.number === run.length + 1) run.push(mark)
      else if (mark.number === 1) {
        if (run.length >= 2) break
        run = [mark]
      }
    }
    this.run = run.length >= 2 ? run : null
  }
}

/**
 * The enumerations inside a text: at least two members, 1 upward by 1, each at the text's start or behind a mark of
 * punctuation. `folded` is the copy of `text` for matching.
 *
 * `拟分三步：一是修订办法；二是制定清单；三是增设网点。` → three items
 */
export function findItems(text: string, folded: string): Item[] {
  if (!FIRST_MEMBER.test(folded)) return []
  const readers = SERIES.map((series) => new Reader(series, folded))
  const items: Item[] = []
  for (;;) {
    let first: readonly Mark[] | null = null
    for (const { run } of readers) if (run !== null && (first === null || run[0]!.start < first[0]!.start)) first = run
    if (first === null) return items
    const members = readMembers(text, folded, first)
    items.push(...members.items)
    for (const reader of readers) reader.seek(Math.max(members.end, first.at(-1)!.end))
  }
}

/** Whether a text begins with the first member of a series that it holds: then the line is no numbered block. */
export function beginsWithSeries(folded: string): boolean {
  return FIRST_MEMBER.test(folded) && SERIES.some((series) => new Reader(series, folded).run?.[0]?.start === 0)
}

function readMembers(text: string, folded: string, run: readonly Mark[]): { items: Item[]; end: number } {
  let severalSentences = false
  let end = text.length
  const items = run.map((mark, i): Item => {
    const next = run[i + 1]
    let to: number
    if (next) {
      to = next.start
      while (to > mark.end && /[\s。；;：:，,]/.test(text.charAt(to - 1))) to--
      if (text.slice(mark.end, to).includes('。')) severalSentences = true
    } else {
      const stop = folded.indexOf('。', mark.end)
      to = severalSentences || stop < 0 ? text.length : stop
      if (severalSentences && text.endsWith('。')) to--
      end = to
    }
    return { marker: text.slice(mark.start, mark.end), number: mark.number, text: text.slice(mark.end, to).trim() }
  })
  return { items, end }
}
