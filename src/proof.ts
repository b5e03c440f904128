import type { LetterReading } from './letter/letter.ts'
import type { PageReading } from './page/page.ts'
import { type Evidence, REMOVED_KINDS, type RemovedKind, type ReplyRecord, type Span } from './record.ts'
import { countVisible } from './text/stretch.ts'

/** A stretch that is neither letter nor field; without offsets when no reader sees it. UTF-16 offsets. */
export interface Removed {
  readonly kind: RemovedKind
  readonly text: string
  readonly rule: string
  readonly start: number | null
  readonly end: number | null
}

/** Neighbouring lines of one kind and rule are one stretch. */
function join(removed: readonly Removed[]): Removed[] {
  const joined: Removed[] = []
  for (const one of removed) {
    const last = joined.at(-1)
    const follows =
      last !== undefined &&
      last.end !== null &&
      one.start === last.end + 1 &&
      last.kind === one.kind &&
      last.rule === one.rule
    if (follows) joined[joined.length - 1] = { ...last, end: one.end, text: `${last.text}\n${one.text}` }
    else joined.push(one)
  }
  return joined
}

/** Counts the removed stretches by kind; what no reader sees counts, but has no characters. */
export function sumRemoved(removed: readonly Removed[]): ReplyRecord['removed'] {
  const sums = new Map<RemovedKind, { count: number; chars: number }>()
  for (const { kind, text, start } of join(removed)) {
    const sum = sums.get(kind) ?? { count: 0, chars: 0 }
    sums.set(kind, { count: sum.count + 1, chars: sum.chars + (start === null ? 0 : countVisible(text)) })
  }
  return REMOVED_KINDS.flatMap((kind) => {
    const sum = sums.get(kind)
    return sum ? [{ kind, ...sum }] : []
  })
}

/** Where every visible character went. `unaccounted_chars` is 0 by construction; it is computed, not assumed. */
export function countCoverage(
  page: PageReading,
  letter: LetterReading,
  removed: readonly Removed[],
): ReplyRecord['coverage'] {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  const block_chars = sum(
    letter.blocks.map(({ marker, heading, heading_end, text }) =>
      countVisible(`${marker ?? ''}${heading ?? ''}${heading_end ?? ''}${text ?? ''}`),
    ),
  )
  const field_chars = sum(
    page.allotments.map((allotment) =>
      'field' in allotment ? countVisible(page.text.slice(allotment.start, allotment.end)) : 0,
    ),
  )
  const removed_chars = sum(removed.map(({ text, start }) => (start === null ? 0 : countVisible(text))))
  const visible_chars = page.visibleChars
  return {
    visible_chars,
    block_chars,
    field_chars,
    removed_chars,
    unaccounted_chars: visible_chars - block_chars - field_chars - removed_chars,
  }
}

/** The proof of a record: the visible text, where each value stands in it, and what was removed. */
export function buildEvidence(page: PageReading, letter: LetterReading, removed: readonly Removed[]): Evidence {
  const point = codePointIndex(page.text)
  const at = (offset: number | null) => (offset === null ? null : point(offset))
  const spans: Span[] = page.found.map(({ pointer, start, end, raw, rule }) => ({
    pointer,
    start: at(start),
    end: at(end),
    rule,
    raw: start === null ? raw : null,
  }))
  for (const { pointer, stretch, rule } of letter.places)
    spans.push({
      pointer,
      start: at(stretch.at),
      end: stretch.at === null ? null : at(stretch.at + stretch.text.length),
      rule,
      raw: stretch.at === null ? stretch.text : null,
    })
  letter.blocks.forEach((block, i) => {
    const { line, headingRule } = letter.blockPlaces[i]!
    let offset = line.at
    for (const key of ['marker', 'heading', 'heading_end', 'text'] as const) {
      const words = block[key]
      if (words === null) continue
      const rule = key === 'marker' ? 'marker' : key === 'text' ? `role.${block.role}` : (headingRule ?? 'heading')
      if (words !== '')
        spans.push({
          pointer: `/blocks/${i}/${key}`,
          start: point(offset),
          end: point(offset + words.length),
          rule,
          raw: null,
        })
      offset += words.length
    }
  })
  return {
    text: page.text,
    meta: page.meta.map(({ name, content }) => ({ name, content })),
    spans,
    removed: join(removed).map(({ kind, text, start, end, rule }) => ({
      kind,
      text,
      start: at(start),
      end: at(end),
      rule,
    })),
  }
}

/** Maps UTF-16 offsets of a text to code point offsets. */
function codePointIndex(text: string): (offset: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (offset) => offset
  const index = new Uint32Array(text.length + 1)
  let points = 0
  for (let i = 0; i < text.length; i++) {
    index[i] = points
    const isTail = (text.charCodeAt(i) & 0xfc00) === 0xdc00 && i > 0 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800
    if (!isTail) points++
    else index[i] = points - 1
  }
  index[text.length] = points
  return (offset) => index[offset]!
}
