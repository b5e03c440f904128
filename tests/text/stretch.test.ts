import { expect, it } from 'vitest'
import { countVisible, part } from '../../src/text/stretch.ts'

it.each([
  ['一、强化', 4],
  ['　一 二\u200b\ufeff\n', 2],
  ['𬭎㐂', 2],
  ['', 0],
])('%j has %i visible characters', (text, count) => {
  expect(countVisible(text)).toBe(count)
})

it('a part has no blanks at its edges and knows its place', () => {
  const whole = { text: '来源：\u3000某局\u00a0', folded: '来源: 某局 ', at: 10 }
  expect(part(whole, 3)).toEqual({ text: '某局', folded: '某局', at: 14 })
  expect(part({ ...whole, at: null }, 3).at).toBeNull()
})
