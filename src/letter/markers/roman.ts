import type { MarkerStyle } from './marker.ts'

const MARKER = /^([Ⅰ-Ⅻ]) ?(?:[、.,:] ?| )/

/** `Ⅰ、居家养老服务现状` */
export const roman: MarkerStyle = {
  name: 'roman',
  usualLevel: null,
  read(folded) {
    const match = MARKER.exec(folded)
    return match ? { number: match[1]!.charCodeAt(0) - 0x215f, length: match[0].length } : null
  },
  examples: [
    ['Ⅰ、居家养老服务现状', 1],
    ['Ⅻ.附则', 12],
    ['Ⅲ类水质达标', null],
  ],
}
