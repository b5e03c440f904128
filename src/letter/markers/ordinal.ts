import { readHan } from '../../text/numerals.ts'
import { HAN_NUMERAL, type MarkerStyle } from './marker.ts'

const MARKER = new RegExp(`^第(${HAN_NUMERAL})((?: ?[、,和] ?第${HAN_NUMERAL})*) ?[,、:] ?`)
const GOES_ON = new RegExp(`^第?${HAN_NUMERAL}`)

/** `第一，`, `第一、`, `第一：`; `第四、第五：` is one block, number 4. */
export const ordinal: MarkerStyle = {
  name: 'ordinal',
  usualLevel: null,
  read(folded) {
    const match = MARKER.exec(folded)
    if (!match || GOES_ON.test(folded.slice(match[0].length))) return null
    const number = readHan(match[1]!)
    if (number === null || number < 1) return null
    return { number, length: match[0].length, merged: match[2] !== '' }
  },
  examples: [
    ['第一，推动进课堂', 1],
    ['第二、完善制度', 2],
    ['第三：强化保障', 3],
    ['第四、第五：合并答复', 4],
    ['第一季度，收集诉求', null],
    ['第一、第二产业', null],
    ['第一、二季度', null],
    ['第十八条规定', null],
    ['第一批启动', null],
  ],
}
