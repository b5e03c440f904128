import { type Diagnostic, diagnostic } from '../diagnostics.ts'
import type { Line } from '../line.ts'
import type { Block, Role } from '../record.ts'
import { fold } from '../text/fold.ts'
import { type Emphasis, isHeadingByMarkup, readHeading } from './heading.ts'
import { beginsWithSeries, findItems } from './items.ts'
import { type Marker, readMarker } from './markers/index.ts'
import { LAST, sequence } from './markers/sequence.ts'

/** A line with the role that its place in the letter gives it; `body` lines are read by their own form. */
export interface RoledLine {
  readonly line: Line
  readonly role: Exclude<Role, 'section' | 'measure'> | 'body'
}

/** Where the parts of a block stand in its line, and the rule that found its heading. */
export interface BlockPlace {
  readonly line: Line
  readonly headingRule: string | null
}

export interface Outline {
  readonly blocks: readonly Block[]
  readonly places: readonly BlockPlace[]
  readonly diagnostics: readonly Diagnostic[]
}

interface Open {
  readonly block: Block
  readonly style: string
  readonly usualLevel: number | null
  children: number
  continuations: number
  /** Number of the last child by style. */
  readonly lastOf: Map<string, number>
}

/**
 * Builds the flat outline: every line is one block. Depth goes by a stack of open styles: the style of an open
 * ancestor makes a sibling of it, a new style goes one deeper.
 */
export function buildOutline(lines: readonly RoledLine[], emphasis: Emphasis): Outline {
  const blocks: Block[] = []
  const places: BlockPlace[] = []
  const diagnostics: Diagnostic[] = []
  const stack: Open[] = []
  const root = { children: 0, unnumbered: 0, lastOf: new Map<string, number>() }
  const series = hasSequence(lines)

  const push = (block: Block, line: Line, headingRule: string | null) => {
    blocks.push(block)
    places.push({ line, headingRule })
  }

  for (const { line, role } of lines) {
    const marker = role === 'body' && !line.row ? readOwnMarker(line, series) : null
    if (marker === null) {
      const isBody = role === 'body'
      const plainRole: Role = !isBody ? role : line.row ? 'table' : 'paragraph'
      if (!isBody) stack.length = 0
      const parent = isBody && !line.row ? stack.at(-1) : undefined
      const isHeading = isBody && isHeadingByMarkup(line, emphasis)
      const block: Block = {
        id: parent ? `${parent.block.id}.p${++parent.continuations}` : `p${++root.unnumbered}`,
        parent: parent?.block.id ?? null,
        level: parent ? parent.block.level + 1 : 0,
        role: plainRole,
        marker: null,
        number: null,
        heading: isHeading ? line.text : null,
        heading_end: isHeading ? '' : null,
        text: isHeading ? null : line.text,
        items: plainRole === 'paragraph' && !isHeading ? findItems(line.text, line.folded) : [],
      }
      push(block, line, isHeading ? 'heading.markup' : null)
      continue
    }

    const { style } = marker
    const at = stack.findIndex((open) => open.style === style.name)
    if (at >= 0) stack.length = at
    const parent = stack.at(-1)
    const lastOf = parent?.lastOf ?? root.lastOf
    const last = lastOf.get(style.name) ?? null
    const number = marker.number === LAST ? (last ?? 0) + 1 : marker.number
    const position = parent ? ++parent.children : ++root.children
    const id = parent ? `${parent.block.id}.${position}` : String(position)
    noteNumber(diagnostics, `/blocks/${blocks.length}/number`, id, number, last, marker, parent)
    lastOf.set(style.name, number)

    const heading = readHeading(line, marker.length, emphasis)
    const textStart = heading ? heading.end + heading.endLength : marker.length
    const blank =
      heading && heading.endLength > 0 ? (/^[\s\u3000]*/.exec(line.text.slice(textStart))?.[0].length ?? 0) : 0
    const text = line.text.slice(textStart + blank)
    const block: Block = {
      id,
      parent: parent?.block.id ?? null,
      level: (parent?.block.level ?? 0) + 1,
      role: 'measure',
      marker: line.text.slice(0, marker.length),
      number,
      heading: heading ? line.text.slice(heading.start, heading.end) : null,
      heading_end: heading ? line.text.slice(heading.end, textStart + blank) : null,
      text: text === '' ? null : text,
      items: text === '' ? [] : findItems(text, fold(text)),
    }
    push(block, line, heading?.rule ?? null)
    stack.push({
      block,
      style: style.name,
      usualLevel: style.usualLevel,
      children: 0,
      continuations: 0,
      lastOf: new Map(),
    })
  }
  return { blocks: nameSections(blocks), places, diagnostics }
}

/** The marker of a body line, unless the line holds a whole series, or begins one of 首先 that is not there. */
function readOwnMarker(line: Line, series: boolean): Marker | null {
  const marker = readMarker(line.folded)
  if (marker === null) return null
  if (marker.style === sequence && (!series || /^首先[,、:] ?(?:非常|衷心|诚挚|十分)?(?:感谢|谢谢)/.test(line.folded)))
    return null
  if (marker.number === 1 && beginsWithSeries(line.folded)) return null
  return marker
}

/** Whether 首先 and 其次 both open lines of the body. */
function hasSequence(lines: readonly RoledLine[]): boolean {
  const opens = (word: string) => lines.some(({ line, role }) => role === 'body' && line.folded.startsWith(word))
  return opens('首先') && opens('其次')
}

function noteNumber(
  diagnostics: Diagnostic[],
  pointer: string,
  id: string,
  number: number,
  last: number | null,
  marker: Marker,
  parent: Open | undefined,
): void {
  const say = (code: Parameters<typeof diagnostic>[0], message: string) =>
    diagnostics.push(diagnostic(code, message, pointer))
  if (marker.merged) say('outline.merged_numbers', `Block ${id} bears several ordinals; the first is its number.`)
  if (last === null && number > 1)
    say('outline.skipped_number', `Block ${id} is number ${number}, but the first of its series.`)
  else if (last !== null && number === last) say('outline.repeated_number', `Block ${id} repeats number ${number}.`)
  else if (last !== null && number < last)
    say('outline.restarted', `Block ${id} is number ${number} behind number ${last}.`)
  else if (last !== null && number > last + 1)
    say('outline.skipped_number', `Block ${id} is number ${number} behind number ${last}.`)
  const level = marker.style.usualLevel
  if (level !== null && parent?.usualLevel != null && level < parent.usualLevel && last === null)
    say('outline.unusual_order', `Block ${id} stands under a marker that usually stands below its own.`)
}

function nameSections(blocks: readonly Block[]): Block[] {
  const parents = new Set(blocks.filter((block) => block.number !== null).map((block) => block.parent))
  return blocks.map((block) => (block.number !== null && parents.has(block.id) ? { ...block, role: 'section' } : block))
}
