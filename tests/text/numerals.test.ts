import { describe, expect, it } from 'vitest'
import { readHan, readNumber } from '../../src/text/numerals.ts'

describe('readHan', () => {
  it.each([
    ['一', 1],
    ['十', 10],
    ['十二', 12],
    ['二十', 20],
    ['二十三', 23],
    ['九十九', 99],
    ['一百零五', 105],
    ['二〇二一', 2021],
    ['二○○六', 2006],
    ['二00七', 2007],
    ['', null],
    ['甲', null],
  ])('%s → %s', (numeral, value) => {
    expect(readHan(numeral)).toBe(value)
  })

  it('reads Arabic digits too', () => {
    expect(readNumber('12')).toBe(12)
    expect(readNumber('十四')).toBe(14)
  })
})
