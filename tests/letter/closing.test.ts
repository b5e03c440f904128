import { expect, it } from 'vitest'
import { CLOSINGS, endsInClosing, isClosing } from '../../src/letter/closing.ts'
import { fold } from '../../src/text/fold.ts'

it.each(CLOSINGS)('$example', ({ pattern, example }) => {
  expect(pattern.test(fold(example))).toBe(true)
  expect(isClosing(fold(example))).toBe(true)
})

it.each([
  ['今后工作中，欢迎您随时与我们联系。', true],
  ['下一步，我局将继续推进。', false],
  ['我局高度重视您的建议。', false],
  ['希望小学已经建成。', false],
  ['目前，工程进展顺利。', false],
])('%s is a closing: %s', (line, expected) => {
  expect(isClosing(fold(line))).toBe(expected)
})

it.each([
  ['下一步，我局将加强协作。感谢您的支持。', true],
  ['下一步，我局将加强协作。', false],
  ['感谢您的支持。下一步，我局将加强协作。', false],
])('%s ends in a closing: %s', (line, expected) => {
  expect(endsInClosing(fold(line))).toBe(expected)
})
