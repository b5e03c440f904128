import type { MarkerStyle } from './marker.ts'

const MARKER = /^([①-⑳㉑-㉟㊱-㊿])(?:[、.] ?| +)?/

/** The number in a circle: ① 1, ㉑ 21, ㊱ 36. */
export function circledNumber(character: string): number {
  const code = character.charCodeAt(0)
  return code < 0x3000 ? code - 0x245f : code < 0x32b1 ? code - 0x3251 + 21 : code - 0x32b1 + 36
}

/** `①对沿街餐饮商户免费更换` */
export const circled: MarkerStyle = {
  name: 'circled',
  usualLevel: null,
  read(folded) {
    const match = MARKER.exec(folded)
    return match ? { number: circledNumber(match[1]!), length: match[0].length } : null
  },
  examples: [
    ['①逐一测试', 1],
    ['㉑公开渠道', 21],
    ['㊱建立制度', 36],
  ],
}
