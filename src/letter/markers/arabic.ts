import { readNumber } from '../../text/numerals.ts'
import { isEnumeration, type MarkerStyle } from './marker.ts'

const MARKER = /^(?:(\d{1,2}) ?([.、]) ?|([⒈-⒛]) ?)/
const YEAR = /^(?:19|20)\d\d年/

/** `1.调整线路走向。`: the third level; `1、` and `⒈` are careless forms of it. */
export const arabic: MarkerStyle = {
  name: 'arabic',
  usualLevel: 3,
  read(folded) {
    const match = MARKER.exec(folded)
    if (!match) return null
    if (match[3]) return { number: match[3].charCodeAt(0) - 0x2487, length: match[0].length }
    const number = Number(match[1])
    const rest = folded.slice(match[0].length)
    if (number < 1) return null
    if (match[2] === '.' && /^\d/.test(rest) && !match[0].endsWith(' ') && !YEAR.test(rest)) return null
    if (match[2] === '、' && isEnumeration(number, rest, readNumber)) return null
    return { number, length: match[0].length }
  },
  examples: [
    ['1.调整线路走向。', 1],
    ['２．加密班次', 2],
    ['3、预留用地', 3],
    ['⒋提升品位', 4],
    ['1.2023年以来，新增线路', 1],
    ['1、5G网络建设', 1],
    ['3.5%的企业', null],
    ['１．５万名学生', null],
    ['1、2号候车厅', null],
    ['3、4月份受降雨影响', null],
    ['2019年以来', null],
    ['5G网络', null],
    ['12345热线', null],
  ],
}
