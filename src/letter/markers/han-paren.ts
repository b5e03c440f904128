import { readHan } from '../../text/numerals.ts'
import { CROSS_REFERENCE, HAN_NUMERAL, type MarkerStyle } from './marker.ts'

const MARKER = new RegExp(`^(?:[(﹙] ?(${HAN_NUMERAL}) ?[)﹚]|([㈠-㈩]))(?:[、.,] ?| +)?`)

/** `（一）科学编制规划。`: the second level. */
export const hanParen: MarkerStyle = {
  name: 'han_paren',
  usualLevel: 2,
  read(folded) {
    const match = MARKER.exec(folded)
    if (!match || CROSS_REFERENCE.test(folded.slice(match[0].replace(/[、., ]+$/, '').length))) return null
    const number = match[1] ? readHan(match[1]) : match[2]!.charCodeAt(0) - 0x321f
    return number === null || number < 1 || number > 99 ? null : { number, length: match[0].length }
  },
  examples: [
    ['（一）科学编制规划。', 1],
    ['(十二)完善机制', 12],
    ['㈢创新政策', 3],
    ['（二）、强化保障', 2],
    ['（一）项目建设', 1],
    ['（一）项所列情形', null],
    ['（一）、（三）项规定', null],
    ['（二期）标准厂房', null],
  ],
}
