import type { Line } from '../line.ts'
import type { Role } from '../record.ts'
import { DATE_LINE, FILE_LINK, UNIT_END } from '../text/cues.ts'
import { readLetterDate } from '../text/date.ts'
import { isClosing } from './closing.ts'
import { isContact, isPhone } from './contact.ts'
import { findDocumentNumber, isClassLine } from './header.ts'
import { readMarker } from './markers/index.ts'

const COPY_TO = /^抄 {0,4}(?:送|报|致) ?(?:单位|机关)? ?:/
export const ATTACHMENT = /^[(【]?附 {0,4}件(?:下载|列表|清单)?[\d一二三四五六七八九十]{0,2} ?(?::|$)/
const NOTE = /^[([【]? ?(?:此件|本件)[^。]{0,30}[)\]】]?$|^[(【]?(?:主动公开|依申请公开|不予公开)[)】]?$/
/** A date whose 年月日 a text rendering lost: 2025610. It is never guessed. */
const BROKEN_DATE = /^(?:19|20)\d{2}[年月日\d ]{2,8}$/
const TAIL_DATE =
  /([\d一二三四五六七八九〇零○◯Oo]{4} *年 *[\d一二三四五六七八九十]{1,3} *月 *[\d一二三四五六七八九十]{1,3} *日)$/

export type EndRole = Extract<Role, 'signature' | 'date' | 'contact' | 'copy_to' | 'attachment' | 'note'>

/** What a line of the end matter is by its own words; null when its place must tell. */
export function endRole(line: Line): EndRole | null {
  const { folded } = line
  if (DATE_LINE.test(folded)) return 'date'
  if (isContact(folded)) return 'contact'
  if (COPY_TO.test(folded)) return 'copy_to'
  if (ATTACHMENT.test(folded) || isFileLink(line)) return 'attachment'
  if (NOTE.test(folded) || (isClassLine(folded) && folded.includes(':') && folded.length <= 40)) return 'note'
  return null
}

function isFileLink(line: Line): boolean {
  const [link] = line.links
  return link !== undefined && link.end - link.start >= line.text.length * 0.6 && FILE_LINK.test(link.href)
}

/** Whether a line can be the name of a signing unit: short, no sentence, ending as units do, or standing where only a name can. */
function isUnit(line: Line, before: Line | undefined): boolean {
  const { folded } = line
  if (line.row || folded.length > 60 || /[。;:!?]/.test(folded) || /,/.test(folded) || readMarker(folded)) return false
  if (isClosing(folded) && !UNIT_END.test(folded)) return false
  const bare = folded.replace(/ ?[(][^()]{1,30}[)]$/, '')
  if (UNIT_END.test(bare)) return true
  return folded.length <= 20 && before !== undefined && /[。!]$|^(?:此复|敬礼|特此)/.test(before.folded)
}

/** The date at the end of a signature line: `某某局 2021年4月21日`. */
export function tailDate(folded: string): { start: number; date: string } | null {
  const match = TAIL_DATE.exec(folded)
  return match && match.index > 0 && UNIT_END.test(folded.slice(0, match.index).trim())
    ? { start: match.index + match[0].length - match[1]!.length, date: match[1]! }
    : null
}

export interface Ending {
  /** Index of the first line of the end matter; the number of lines when there is none. */
  readonly start: number
  /** The role of each line of the end matter, by index; lines without one are no part of the letter. */
  readonly roles: ReadonlyMap<number, EndRole>
}

/**
 * Finds the end matter of a letter behind line `from`: signing units next to the date, contacts, copies, attachments,
 * notes. GB/T 9704 7.3.4–7.4.2.
 */
export function findEnding(lines: readonly Line[], from: number): Ending {
  const roles = new Map<number, EndRole>()
  const own = lines.map((line, i) => (i < from ? null : endRole(line)))
  continueAttachments(lines, own, from)
  const date = findDate(lines, own, from)
  if (date !== null) {
    own[date] = 'date'
    signAround(lines, own, date, from)
  } else signLast(lines, own, from)
  const anchor = date ?? lastRun(lines, own)
  if (anchor === null) return { start: lines.length, roles }
  let start = anchor
  while (start > from && own[start - 1] !== null) start--
  for (let i = start; i < lines.length; i++) {
    const role = own[i] ?? afterDateRole(lines[i]!, own, i, date)
    own[i] = role
    if (role) roles.set(i, role)
  }
  return { start, roles }
}

/** The line of the letter's date: the last with a signing unit next to it, else the last; other forms only next to a unit. */
function findDate(lines: readonly Line[], own: readonly (EndRole | null)[], from: number): number | null {
  let last: number | null = null
  let signed: number | null = null
  for (let i = from; i < lines.length; i++) {
    const line = lines[i]!
    const besideUnit =
      (i > from && isUnit(lines[i - 1]!, lines[i - 2])) ||
      (i + 1 < lines.length && UNIT_END.test(lines[i + 1]!.folded) && isUnit(lines[i + 1]!, undefined))
    if (tailDate(line.folded)) signed = last = i
    else if (own[i] === 'date') {
      last = i
      if (besideUnit) signed = i
    } else if (
      BROKEN_DATE.test(line.folded) ||
      readLetterDate(line.folded) !== null ||
      /^\d{4}年\d{1,2}月$/.test(line.folded)
    ) {
      const closed = i > from && /[。!]$/.test(lines[i - 1]!.folded)
      if (besideUnit || (closed && i >= lines.length - 3)) signed = last = i
    }
  }
  if (signed !== null || last === null) return signed
  return lines.slice(last + 1).some(goesOn) ? null : last
}

/** Marks the units above the date, or below it. */
function signAround(lines: readonly Line[], own: (EndRole | null)[], date: number, from: number): void {
  if (tailDate(lines[date]!.folded)) own[date] = 'signature'
  let above = date - 1
  while (above > from && own[above] === null && isUnit(lines[above]!, lines[above - 1])) own[above--] = 'signature'
  if (above < date - 1) return
  for (
    let below = date + 1;
    below < lines.length &&
    own[below] === null &&
    UNIT_END.test(lines[below]!.folded) &&
    isUnit(lines[below]!, undefined);
    below++
  )
    own[below] = 'signature'
}

/** A letter without a date may still be signed: a unit in its last lines, right behind a sentence. */
function signLast(lines: readonly Line[], own: (EndRole | null)[], from: number): void {
  let last = lines.length - 1
  while (last > from && own[last] !== null) last--
  const line = lines[last]
  if (
    line &&
    last > from &&
    UNIT_END.test(line.folded) &&
    isUnit(line, undefined) &&
    /[。!]$|^(?:此复|敬礼)/.test(lines[last - 1]!.folded) &&
    line.text.length <= 30
  )
    own[last] = 'signature'
}

/** The last line of end matter, unless the letter goes on behind it. */
function lastRun(lines: readonly Line[], own: readonly (EndRole | null)[]): number | null {
  for (let i = own.length - 1; i >= 0; i--) {
    if (own[i] !== null) return i
    if (goesOn(lines[i]!)) return null
  }
  return null
}

/** A line that only the body of a letter has: numbered, or a sentence. */
const goesOn = (line: Line) =>
  readMarker(line.folded) !== null || (line.text.length > 25 && /[。;:]$/.test(line.folded))

/** `2.某某表` below `附件：1.某某表` is an attachment, no measure; so are the lines below a bare `附件：`. */
function continueAttachments(lines: readonly Line[], own: (EndRole | null)[], start: number): void {
  for (let i = start; i < lines.length; i++) {
    if (own[i] !== 'attachment') continue
    let number = Number(/^\D{0,6}?附 {0,4}件[^:]{0,6}: ?(\d{1,2})/.exec(lines[i]!.folded)?.[1] ?? 0)
    for (let j = i + 1; j < lines.length && own[j] === null; j++) {
      const marker = readMarker(lines[j]!.folded)
      if (marker === null || marker.number !== number + 1 || /。$/.test(lines[j]!.folded)) break
      own[j] = 'attachment'
      number++
    }
  }
}

/** What a line below the date is by its place: a class line or a document number is a note; a telephone number goes on a contact. */
function afterDateRole(line: Line, own: readonly (EndRole | null)[], i: number, date: number | null): EndRole | null {
  if (isClassLine(line.folded)) return 'note'
  if (date !== null && i > date && line.text.length <= 40 && findDocumentNumber(line)?.text === line.text) return 'note'
  if (own[i - 1] === 'contact' && isPhone(line.folded)) return 'contact'
  return null
}
