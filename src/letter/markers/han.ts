import { readHan, readNumber } from '../../text/numerals.ts'
import { HAN_NUMERAL, isEnumeration, type MarkerStyle } from './marker.ts'

const MARKER = new RegExp(`^(${HAN_NUMERAL})(?: ?([、,.]) ?| +)`)

/** `一、强化顶层设计`: the first level of official letters. */
export const han: MarkerStyle = {
  name: 'han',
  usualLevel: 1,
  read(folded) {
    const match = MARKER.exec(folded)
    if (!match) return null
    const number = readHan(match[1]!)
    if (number === null || number < 1 || number > 99) return null
    const rest = folded.slice(match[0].length)
    if (isEnumeration(number, rest, readNumber)) return null
    if (match[2] === '.' && /^\d/.test(rest)) return null
    if (match[2] === undefined && !/^[^\d一二三四五六七八九十百年月日时分个的是要()（）、,.]/.test(rest)) return null
    return { number, length: match[0].length }
  },
  examples: [
    ['一、强化顶层设计', 1],
    ['二，培育产业', 2],
    ['三．汇聚要素', 3],
    ['四.优化环境', 4],
    ['五 下一步打算', 5],
    ['二十三、建立回访制度', 23],
    ['一、三个方面的做法', 1],
    ['一、二期工程已竣工', null],
    ['一、三期工程已竣工', null],
    ['三、四季度各一次', null],
    ['二、三产业融合', null],
    ['一、二、三期工程', null],
    ['二〇二一年以来', null],
    ['十四五规划', null],
    ['一方面，加强监管', null],
  ],
}
