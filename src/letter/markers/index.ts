import { arabic } from './arabic.ts'
import { arabicHalfParen } from './arabic-half-paren.ts'
import { arabicParen } from './arabic-paren.ts'
import { circled } from './circled.ts'
import { han } from './han.ts'
import { hanParen } from './han-paren.ts'
import { letter } from './letter.ts'
import type { MarkerReading, MarkerStyle } from './marker.ts'
import { ordinal } from './ordinal.ts'
import { roman } from './roman.ts'
import { sequence } from './sequence.ts'
import { shi } from './shi.ts'

/** Every way to number; no line begins with two of them, so the order is only that of frequency. */
export const MARKER_STYLES: readonly MarkerStyle[] = [
  han,
  hanParen,
  arabic,
  arabicParen,
  shi,
  ordinal,
  circled,
  arabicHalfParen,
  sequence,
  roman,
  letter,
]

export interface Marker extends MarkerReading {
  readonly style: MarkerStyle
}

/** `（二）完善体制机制。` → han_paren 2, three characters long; null when the folded line begins with no marker. */
export function readMarker(folded: string): Marker | null {
  for (const style of MARKER_STYLES) {
    const reading = style.read(folded)
    if (reading) return { style, ...reading }
  }
  return null
}
