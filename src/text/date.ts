import { readHan } from './numerals.ts'

const GAP = '[ \\n]{0,4}'
const ARABIC = `(\\d{4})${GAP}年${GAP}(\\d{1,2})${GAP}月${GAP}(\\d{1,2})${GAP}日`
const HAN_DIGIT = '[一二三四五六七八九〇零○◯Oo0]'
const HAN_DATE = `(${HAN_DIGIT}{4})${GAP}年${GAP}([一二三四五六七八九十]{1,3})${GAP}月${GAP}([一二三四五六七八九十]{1,3})${GAP}日`
const SEPARATOR = '(?:[-/.]|[—–－]{1,2})'
const NUMERIC = `(\\d{4})${SEPARATOR}(\\d{1,2})${SEPARATOR}(\\d{1,2})`
const TIME = '(\\d{1,2})[:时](\\d{2})(?:[:分](\\d{2})?)?'

/** The date of a letter: `2021年4月21日`, `二○二一年四月二十一日`, blanks between the parts. GB/T 9704 7.3.5.4. */
export const LETTER_DATE = new RegExp(`^(?:${ARABIC}|${HAN_DATE})$`)
/** A date of the page: also `2021-11-22 09:02`, `2021/11/22`. */
const PAGE_DATE = new RegExp(`(?:${ARABIC}|${NUMERIC})(?:[ T]{0,8}${TIME})?`)
const NUMERIC_ONLY = new RegExp(`^${NUMERIC}$`)

const pad = (value: number) => String(value).padStart(2, '0')
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** `YYYY-MM-DD`, or null when there is no such day. */
function isoDay(year: number | null, month: number | null, day: number | null): string | null {
  if (year === null || month === null || day === null || year < 1000 || year > 9999) return null
  const days = DAYS[month - 1]
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  if (days === undefined || day < 1 || day > days || (month === 2 && day === 29 && !leap)) return null
  return `${year}-${pad(month)}-${pad(day)}`
}

/** The day that a folded line of nothing but a date names, `YYYY-MM-DD`; null when it names none. */
export function readLetterDate(folded: string): string | null {
  const match = LETTER_DATE.exec(folded)
  if (match) {
    return match[1]
      ? isoDay(Number(match[1]), Number(match[2]), Number(match[3]))
      : isoDay(readHan(match[4]!), readHan(match[5]!), readHan(match[6]!))
  }
  const numeric = NUMERIC_ONLY.exec(folded)
  return numeric ? isoDay(Number(numeric[1]), Number(numeric[2]), Number(numeric[3])) : null
}

export interface PageDate {
  /** `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS+08:00`; null for an unset value such as 1754/1/1, or for no such day. */
  readonly iso: string | null
  /** Whether it is a day that databases write for "never". */
  readonly isUnset: boolean
  readonly start: number
  readonly end: number
}

/** Days that databases print for "never": .NET's SqlMinValue, 1900, the epoch. */
const UNSET = new Set(['1754-01-01', '1753-01-01', '1900-01-01', '1970-01-01'])

/** The first date in a folded text, as a page prints it. */
export function findPageDate(folded: string): PageDate | null {
  const match = PAGE_DATE.exec(folded)
  if (!match) return null
  const day = match[1]
    ? isoDay(Number(match[1]), Number(match[2]), Number(match[3]))
    : isoDay(Number(match[4]), Number(match[5]), Number(match[6]))
  const [hour, minute, second] = [match[7], match[8], match[9] ?? '0'].map((value) => Number(value))
  const timed = match[7] !== undefined && hour! < 24 && minute! < 60 && second! < 60
  const iso =
    day === null || UNSET.has(day) ? null : timed ? `${day}T${pad(hour!)}:${pad(minute!)}:${pad(second!)}+08:00` : day
  return { iso, isUnset: day !== null && UNSET.has(day), start: match.index, end: match.index + match[0].length }
}
