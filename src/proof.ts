import type { LetterReading } from './letter/letter.ts'
import type { PageReading } from './page/page.ts'
import type { Evidence, RemovedKind, ReplyRecord, Span } from './record.ts'
import { REMOVED_KINDS } from './terms.ts'
import { countVisible } from './text/stretch.ts'

/** A stretch of the page's text that is neither letter nor field. UTF-16 offsets. */
export interface Removed {
  readonly kind: RemovedKind
  readonly rule: string
  readonly start: number
  readonly end: number
}

/** Whether a stretch goes on where another ends: neighbouring lines of one kind and rule are one stretch. */
const follows = (one: Removed, before: Removed | undefined) =>
  before !== undefined && one.start === before.end + 1 && one.kind === before.kind && one.rule === before.rule

function join(removed: readonly Removed[]): Removed[] {
  const joined: Removed[] = []
  removed.forEach((one, i) => {
    if (follows(one, removed[i - 1])) joined[joined.length - 1] = { ...joined.at(-1)!, end: one.end }
    else joined.push(one)
  })
  return joined
}

/** Counts the removed stretches by kind; what no reader sees counts, but has no characters. */
export function sumRemoved(page: PageReading, removed: readonly Removed[]): ReplyRecord['removed'] {
  const sums = new Map<RemovedKind, { count: number; chars: number }>()
  const add = (kind: RemovedKind, count: number, chars: number) => {
    const sum = sums.get(kind)
    if (sum === undefined) sums.set(kind, { count, chars })
    else {
      sum.count += count
      sum.chars += chars
    }
  }
  removed.forEach((one, i) => {
    add(one.kind, follows(one, removed[i - 1]) ? 0 : 1, countVisible(page.text, one.start, one.end))
  })
  for (const { kind } of page.unseen) add(kind, 1, 0)
  return REMOVED_KINDS.flatMap((kind) => {
    const sum = sums.get(kind)
    return sum ? [{ kind, ...sum }] : []
  })
}

/** Where every visible character went. `unaccounted_chars` is 0 by construction; it is computed, not assumed. */
export function countCoverage(
  page: PageReading,
  letter: LetterReading,
  removed: ReplyRecord['removed'],
): ReplyRecord['coverage'] {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  const block_chars = sum(
    letter.blocks.flatMap(({ marker, heading, heading_end, text }) =>
      [marker, heading, heading_end, text].map((words) => (words === null ? 0 : countVisible(words))),
    ),
  )
  const field_chars = sum(
    page.allotments.map((allotment) =>
      'field' in allotment ? countVisible(page.text, allotment.start, allotment.end) : 0,
    ),
  )
  const removed_chars = sum(removed.map(({ chars }) => chars))
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
    removed: [
      ...join(removed).map(({ kind, start, end, rule }) => ({
        kind,
        text: page.text.slice(start, end),
        start: at(start),
        end: at(end),
        rule,
      })),
      ...page.unseen.map(({ kind, text, rule }) => ({ kind, text, start: null, end: null, rule })),
    ],
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
