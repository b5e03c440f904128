const DIGITS = new Map<string, number>([...'〇一二三四五六七八九'].map((digit, value) => [digit, value]))
for (const [digit, value] of [
  ['零', 0],
  ['○', 0],
  ['◯', 0],
  ['O', 0],
  ['o', 0],
  ['0', 0],
  ['两', 2],
] as const)
  DIGITS.set(digit, value)
const UNITS = new Map([
  ['十', 10],
  ['百', 100],
])

/** The characters of a Han numeral as the markers use them. */
export const HAN = '一二三四五六七八九十百零〇两'

/** `二十三` → 23, `二〇二一` → 2021, `十` → 10; null when it is no numeral. */
export function readHan(numeral: string): number | null {
  let total = 0
  let digit: number | null = null
  let positional = true
  for (const character of numeral) if (UNITS.has(character)) positional = false
  for (const character of numeral) {
    const unit = UNITS.get(character)
    if (unit !== undefined) {
      total += (digit ?? 1) * unit
      digit = null
      continue
    }
    const value = DIGITS.get(character)
    if (value === undefined) return null
    if (positional) total = total * 10 + value
    else digit = value
  }
  return numeral === '' ? null : positional ? total : total + (digit ?? 0)
}

/** `12` or `十二` → 12; null when it is neither. */
export function readNumber(numeral: string): number | null {
  return /^\d+$/.test(numeral) ? Number(numeral) : readHan(numeral)
}
