import type { MarkerStyle } from './marker.ts'

const MARKER = /^(首先|其次|再次|最后)[,、:] ?/
const NUMBERS = new Map([
  ['首先', 1],
  ['其次', 2],
  ['再次', 3],
])

/** Its number depends on the item before it. */
export const LAST = 0

/** `首先，…` `其次，…` `最后，…`: counts only where the series is there; `最后，` then follows the item before it. */
export const sequence: MarkerStyle = {
  name: 'sequence',
  usualLevel: null,
  read(folded) {
    const match = MARKER.exec(folded)
    return match ? { number: NUMBERS.get(match[1]!) ?? LAST, length: match[0].length } : null
  },
  examples: [
    ['首先，摸清底数。', 1],
    ['其次，分类施策。', 2],
    ['再次、强化考核', 3],
    ['最后，总结推广。', LAST],
    ['最后一公里', null],
    ['首先感谢', null],
  ],
}
