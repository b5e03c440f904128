import type { RemovedKind } from '../record.ts'
import type { PageLine } from './lines.ts'

/** Who owns a stretch of the page's text: a field (by its pointer) or what was removed. UTF-16 offsets. */
export type Allotment = { readonly start: number; readonly end: number; readonly rule: string } & (
  | { readonly field: string }
  | { readonly removed: RemovedKind }
)

/** The lines of a page with the stretches that are given away; what nobody owns belongs to the letter or is left over. */
export class Allotments {
  private readonly byIndex: (readonly Allotment[] | undefined)[] = []

  isFree(line: PageLine): boolean {
    return this.byIndex[line.index] === undefined
  }

  /** What a line was removed as, as a whole; null when it is free or holds a field. */
  removedAs(line: PageLine): RemovedKind | null {
    const first = this.byIndex[line.index]?.[0]
    return first && 'removed' in first && first.end - first.start === line.text.length ? first.removed : null
  }

  remove(line: PageLine, removed: RemovedKind, rule: string): void {
    this.byIndex[line.index] = [{ start: line.at, end: line.at + line.text.length, removed, rule }]
  }

  giveLine(line: PageLine, field: string, rule: string): void {
    this.byIndex[line.index] = [{ start: line.at, end: line.at + line.text.length, field, rule }]
  }

  /** Gives stretches of a line (offsets in the line, in order) to fields; the rest of the line is a tool. */
  givePieces(line: PageLine, pieces: readonly { start: number; end: number; field: string; rule: string }[]): void {
    const parts: Allotment[] = []
    let at = 0
    const rest = (end: number) => {
      if (end > at) parts.push({ start: line.at + at, end: line.at + end, removed: 'page_tool', rule: 'info.rest' })
    }
    for (const { start, end, field, rule } of pieces) {
      rest(start)
      parts.push({ start: line.at + start, end: line.at + end, field, rule })
      at = end
    }
    rest(line.text.length)
    this.byIndex[line.index] = parts
  }

  /** All that is given away, in the order of the lines. */
  all(): Allotment[] {
    const all: Allotment[] = []
    for (const allotments of this.byIndex) if (allotments) for (const one of allotments) all.push(one)
    return all
  }
}
