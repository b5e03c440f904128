import type { MarkerStyle } from './marker.ts'

const MARKER = /^(\d{1,2}) ?[)﹚](?:[、.] ?| +)?/

/** `1）统一设计。` */
export const arabicHalfParen: MarkerStyle = {
  name: 'arabic_half_paren',
  usualLevel: null,
  read(folded) {
    const match = MARKER.exec(folded)
    return match && Number(match[1]) > 0 ? { number: Number(match[1]), length: match[0].length } : null
  },
  examples: [
    ['1）统一设计。', 1],
    ['2)统一运维', 2],
    ['2021）年', null],
  ],
}
