/** A stretch of printed text with its copy for matching and its place in the page's text. */
export interface Stretch {
  readonly text: string
  /** `fold(text)`: same length. */
  readonly folded: string
  /** UTF-16 offset in the page's text; null when the words stand in the head or the address. */
  readonly at: number | null
}

/** The part of a stretch between two offsets, blanks at its edges off. */
export function part(whole: Stretch, start: number, end: number = whole.text.length): Stretch {
  let from = Math.max(0, start)
  let to = Math.min(whole.text.length, end)
  while (from < to && isBlank(whole.text.charCodeAt(from))) from++
  while (to > from && isBlank(whole.text.charCodeAt(to - 1))) to--
  return {
    text: whole.text.slice(from, to),
    folded: whole.folded.slice(from, to),
    at: whole.at === null ? null : whole.at + from,
  }
}

/** White space that is trimmed at the edges and never counted: JavaScript's `\s` and the zero-width characters. */
export function isBlank(code: number): boolean {
  return (
    code === 0x20 ||
    (code >= 0x09 && code <= 0x0d) ||
    code === 0xa0 ||
    code === 0x3000 ||
    (code >= 0x2000 && code <= 0x200d) ||
    code === 0xfeff ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x2060 ||
    code === 0x1680
  )
}

/** Code points of a text, or of a part of it, that are not white space. */
export function countVisible(text: string, start = 0, end = text.length): number {
  let count = 0
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x2070 && code < 0xd800 && code !== 0x3000) count++
    else if (isBlank(code)) continue
    else if (code < 0xdc00 || code > 0xdfff || i === start || !isHighSurrogate(text.charCodeAt(i - 1))) count++
  }
  return count
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff
