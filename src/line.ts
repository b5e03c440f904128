import type { Stretch } from './text/stretch.ts'

export interface Range {
  readonly start: number
  readonly end: number
}

export interface Link extends Range {
  readonly href: string
}

/** A line as a reader sees it: what the page makes and the letter reads. Offsets are UTF-16, relative to the line. */
export interface Line extends Stretch {
  readonly at: number
  /** Set in strong, b or a bold weight. */
  readonly bold: readonly Range[]
  /** Set in 楷体 or 黑体, the typefaces of headings. GB/T 9704 7.3.3. */
  readonly headingFont: readonly Range[]
  /** Inside h1–h6. */
  readonly heading: boolean
  readonly links: readonly Link[]
  /** A row of a data table, its cells joined by TAB. */
  readonly row: boolean
}
