import { HAN } from '../../text/numerals.ts'

/** A marker read at the start of a folded line. */
export interface MarkerReading {
  readonly number: number
  /** Length of the printed marker, a blank after it included. */
  readonly length: number
  /** Further ordinals that the same marker names: `第四、第五：`. */
  readonly merged?: boolean
}

/** One way to number; careless forms of it (`一、 一， 一.`) are one style. */
export interface MarkerStyle {
  readonly name: string
  /** Its usual level by GB/T 9704 7.3.3, a hint only; null when the standard does not name it. */
  readonly usualLevel: number | null
  /** Reads the marker that a folded line begins with; null when it begins with none of this style. */
  readonly read: (folded: string) => MarkerReading | null
  /** Lines and the number of their marker; null for the false friends. */
  readonly examples: readonly (readonly [line: string, number: number | null])[]
}

/** A Han numeral of 1 to 99. */
export const HAN_NUMERAL = `[${HAN.replace('两', '')}]{1,3}`

const LEADING_NUMERAL = new RegExp(`^ ?(?:${HAN_NUMERAL}|\\d+)`)
const COUNTED = /^(?:[、,和及至到~—-]|期|号|季度|月|批|级|类|区|组|楼|层|标段|产业|线|档|单元|中队|支队)/

/** `二期工程` after `一、`: the numeral goes on, so that it is an enumeration and no marker. */
export function isEnumeration(first: number, rest: string, read: (numeral: string) => number | null): boolean {
  const numeral = LEADING_NUMERAL.exec(rest)
  if (!numeral) return false
  const next = read(numeral[0].trim())
  return next === first + 1 || COUNTED.test(rest.slice(numeral[0].length))
}

/** `（一）项所列`, `（一）、（三）项`: a cross-reference, no marker. */
export const CROSS_REFERENCE = /^ ?(?:[项款条](?=$|[、,。;:)和及与至的之]|所|规定|内容|第)|[、和及与至] ?\(|所列|所述)/
