import type { MarkerStyle } from './marker.ts'

const MARKER = /^([A-Z])(?:[、.] ?)(?![A-Za-z\d])/

/** `A.服务网络基本形成。` */
export const letter: MarkerStyle = {
  name: 'letter',
  usualLevel: null,
  read(folded) {
    const match = MARKER.exec(folded)
    return match ? { number: match[1]!.charCodeAt(0) - 0x40, length: match[0].length } : null
  },
  examples: [
    ['A.服务网络基本形成。', 1],
    ['Ｂ、落实机制', 2],
    ['A类项目', null],
    ['A.I技术', null],
  ],
}
