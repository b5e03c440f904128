import { CROSS_REFERENCE, type MarkerStyle } from './marker.ts'

const MARKER = /^(?:[(﹙] ?(\d{1,2}) ?[)﹚]|([⑴-⒇]))(?:[、.] ?| +)?/

/** `（1）清源水厂。`: the fourth level. */
export const arabicParen: MarkerStyle = {
  name: 'arabic_paren',
  usualLevel: 4,
  read(folded) {
    const match = MARKER.exec(folded)
    if (!match || CROSS_REFERENCE.test(folded.slice(match[0].replace(/[、. ]+$/, '').length))) return null
    const number = match[1] ? Number(match[1]) : match[2]!.charCodeAt(0) - 0x2473
    return number < 1 ? null : { number, length: match[0].length }
  },
  examples: [
    ['（1）清源水厂。', 1],
    ['(12)统一运维', 12],
    ['⑵南塬水厂', 2],
    ['(P3)实验室', null],
    ['（2021）12号', null],
    ['（1）项所列', null],
  ],
}
