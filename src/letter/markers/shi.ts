import { readHan } from '../../text/numerals.ts'
import type { MarkerStyle } from './marker.ts'

const MARKER = /^([一二三四五六七八九十]{1,3})(?:是|要(?!素|点|求|件))(?:[,、:] ?| +)?/

/** `一是健全机制。`, `二要稳用药。` */
export const shi: MarkerStyle = {
  name: 'shi',
  usualLevel: null,
  read(folded) {
    const match = MARKER.exec(folded)
    if (!match) return null
    const number = readHan(match[1]!)
    return number === null || number > 99 ? null : { number, length: match[0].length }
  },
  examples: [
    ['一是健全机制。', 1],
    ['十一是加强宣传', 11],
    ['二要稳用药。', 2],
    ['三是，完善制度', 3],
    ['统一是基础', null],
    ['之一是编制偏紧', null],
    ['一要素保障', null],
  ],
}
