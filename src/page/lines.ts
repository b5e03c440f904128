import type { Line, Link, Range } from '../line.ts'
import { fold } from '../text/fold.ts'
import { countVisible, isBlank } from '../text/stretch.ts'
import { attribute, createFinder, type Element, type Finder, isComment, isElement, isText, textOf } from './dom.ts'
import { findDataTables } from './tables.ts'

/** A line and the element in which it begins; no element in a text rendering. */
export interface PageLine extends Line {
  /** Its place among the lines of the page. */
  readonly index: number
  readonly element: Element | null
  /** Share of its characters that are links, 0 to 1. */
  readonly linkShare: number
}

/** Where an element stands among the lines: from `start` to before `end`. */
export interface Extent {
  readonly start: number
  readonly end: number
}

export interface Lines {
  /** The visible text, a line a line, parted by `\n`; `at` of a line is its offset here. */
  readonly text: string
  readonly lines: readonly PageLine[]
  /** Visible code points, counted on the text nodes themselves. */
  readonly visibleChars: number
  /** Script, style, template, noscript and title elements under body. */
  readonly scripts: number
  /** The hidden elements, in document order. */
  readonly hidden: readonly Element[]
  /** The extents of elements with an id or a class, and of every block element. */
  readonly extents: ReadonlyMap<Element, Extent>
  /** Finds elements with an id or a class. */
  readonly find: Finder
  /** The images, by the index of the line they stand in or before. */
  readonly images: readonly number[]
  /** Comments that mark the content, by the index of the next line. */
  readonly marks: readonly { readonly text: string; readonly line: number }[]
  /** Every visible `<a>`. */
  readonly anchors: readonly Element[]
  /** `<meta>` that the parser moved into the body. */
  readonly meta: readonly { readonly name: string; readonly content: string }[]
}

/** What a tag means for lines. */
interface Tag {
  readonly unseen: boolean
  readonly block: boolean
  readonly pre: boolean
  readonly bold: boolean
  readonly heading: boolean
}

const UNSEEN = ['script', 'style', 'template', 'noscript', 'title']
// HTML, Rendering, 15.3: the elements whose box is a block, with the parts of tables and lists and the options of a list.
const BLOCKS = (
  'address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset figcaption ' +
  'figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option ' +
  'p plaintext pre search section select summary table tbody td textarea tfoot th thead tr ul xmp'
).split(' ')
const PREFORMATTED = ['pre', 'textarea', 'listing', 'plaintext', 'xmp']
const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
const BOLD = ['b', 'strong', 'th', ...HEADINGS]

const TAGS: ReadonlyMap<string, Tag> = new Map(
  [...UNSEEN, ...BLOCKS, ...BOLD].map((name) => [
    name,
    {
      unseen: UNSEEN.includes(name),
      block: BLOCKS.includes(name),
      pre: PREFORMATTED.includes(name),
      bold: BOLD.includes(name),
      heading: HEADINGS.includes(name),
    },
  ]),
)
const INLINE: Tag = { unseen: false, block: false, pre: false, bold: false, heading: false }
const tagOf = ({ tagName }: Element) => TAGS.get(tagName) ?? INLINE

const HIDDEN_STYLE = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:!\s*important\s*)?(?:;|$)/i
const BLOCK_STYLE = /(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table|list-item)\s*(?:;|$)/i
const PRE_STYLE = /(?:^|;)\s*white-space\s*:\s*(?:pre|pre-wrap|pre-line|break-spaces)\s*(?:;|$)/i
const BOLD_STYLE = /(?:^|;)\s*font-weight\s*:\s*(?:(bold|bolder|[6-9]00)|(normal|lighter|[1-5]00))/i
const FONT_STYLE = /(?:^|;)\s*font(?:-family)?\s*:([^;]{1,200})/i
const HEADING_FONT = /楷体|黑体|kaiti|simhei/i
const CONTENT_MARK = /content\.(?:begin|end)/i

/** What an element hands down to its text. */
interface Style {
  readonly bold: boolean
  readonly headingFont: boolean
  readonly heading: boolean
  readonly pre: boolean
  readonly href: string | null
  /** Inside a link that only a script follows: `<a onclick=…>` without href. */
  readonly scripted: boolean
}

const PLAIN: Style = { bold: false, headingFont: false, heading: false, pre: false, href: null, scripted: false }

/** What a style attribute says; a page repeats a few of them many times. */
interface InlineStyle {
  readonly bold: boolean | null
  readonly headingFont: boolean | null
  readonly pre: boolean
  readonly block: boolean
  readonly hidden: boolean
}

function readInlineStyle(value: string): InlineStyle {
  const weight = BOLD_STYLE.exec(value)
  const font = FONT_STYLE.exec(value)
  return {
    bold: weight ? weight[1] !== undefined : null,
    headingFont: font ? HEADING_FONT.test(font[1]!) : null,
    pre: PRE_STYLE.test(value),
    block: BLOCK_STYLE.test(value),
    hidden: HIDDEN_STYLE.test(value),
  }
}

/** What the attributes of an element say that matters here. */
interface Traits {
  style: InlineStyle | null
  isHidden: boolean
  isNamed: boolean
  face: string | null
  href: string | null
  hasScript: boolean
}

class TraitReader {
  private readonly styles = new Map<string, InlineStyle>()
  private readonly traits: Traits = {
    style: null,
    isHidden: false,
    isNamed: false,
    face: null,
    href: null,
    hasScript: false,
  }

  /** The traits of an element; they hold until the next is read. */
  read(element: Element): Traits {
    const { traits } = this
    traits.style = null
    traits.isHidden = false
    traits.isNamed = false
    traits.face = null
    traits.href = null
    traits.hasScript = false
    for (const { name, value } of element.attrs)
      switch (name) {
        case 'style':
          traits.style = this.styleOf(value)
          traits.isHidden ||= traits.style.hidden
          break
        case 'hidden':
          traits.isHidden = true
          break
        case 'id':
        case 'class':
          traits.isNamed = true
          break
        case 'face':
          traits.face = value
          break
        case 'href':
          traits.href = value
          break
        case 'onclick':
          traits.hasScript = true
          break
      }
    return traits
  }

  private styleOf(value: string): InlineStyle {
    let style = this.styles.get(value)
    if (style === undefined) {
      style = readInlineStyle(value)
      this.styles.set(value, style)
    }
    return style
  }
}

function styleOf({ tagName }: Element, tag: Tag, traits: Traits, outer: Style): Style {
  const { style, face } = traits
  let { headingFont, href, scripted } = outer
  let bold = outer.bold || tag.bold
  const heading = outer.heading || tag.heading
  let pre = outer.pre || tag.pre
  if (face !== null && tagName === 'font') headingFont = HEADING_FONT.test(face)
  if (traits.href !== null && tagName === 'a') href = traits.href
  else if (traits.hasScript && tagName === 'a') scripted = true
  if (style !== null) {
    bold = style.bold ?? bold
    headingFont = style.headingFont ?? headingFont
    pre ||= style.pre
  }
  const same =
    bold === outer.bold &&
    headingFont === outer.headingFont &&
    heading === outer.heading &&
    pre === outer.pre &&
    href === outer.href &&
    scripted === outer.scripted
  return same ? outer : { bold, headingFont, heading, pre, href, scripted }
}

/** Characters between which a line end of the source is no blank: CSS Text, segment break transformation. */
const isWide = (code: number) => (code >= 0x2e80 && code < 0xac00 ? true : code >= 0xf900 && code <= 0xffef)

const TAB = 9
const LINE_FEED = 10
const isCollapsible = (code: number) =>
  code <= 32 && (code === 32 || code === 9 || code === 10 || code === 12 || code === 13)

/** One line under construction. */
class Builder {
  text = ''
  element: Element | null = null
  heading = false
  bold: Range[] = []
  headingFont: Range[] = []
  links: Link[] = []
  /** Characters in links that only a script follows. */
  scripted = 0
  /** White space that waits for the next character: none, a blank, or a line end of the source. */
  private gap: '' | ' ' | '\n' = ''
  /** The last character; asking the growing text for it would flatten it every time. */
  private last = 0

  private add(piece: string): void {
    if (piece === '') return
    this.text += piece
    this.last = piece.charCodeAt(piece.length - 1)
  }

  /** Ready for the next line; what the last one held is given away, not reused. */
  reset(): void {
    this.text = ''
    this.element = null
    this.heading = false
    this.gap = ''
    if (this.bold.length > 0) this.bold = []
    if (this.headingFont.length > 0) this.headingFont = []
    if (this.links.length > 0) this.links = []
    this.scripted = 0
  }

  append(value: string, style: Style, block: Element | null): void {
    const from = this.text.length
    this.collapse(value)
    const to = this.text.length
    if (to === from) return
    if (from === 0) this.element = block
    if (style.heading) this.heading = true
    if (style.bold) extend(this.bold, from, to)
    if (style.headingFont) extend(this.headingFont, from, to)
    if (style.href !== null) {
      const last = this.links.at(-1)
      if (last && last.end === from && last.href === style.href)
        this.links[this.links.length - 1] = { ...last, end: to }
      else this.links.push({ start: from, end: to, href: style.href })
    } else if (style.scripted) this.scripted += to - from
  }

  /** Adds a text, its runs of white space collapsed (CSS Text 4.1.1). */
  private collapse(value: string): void {
    const end = value.length
    for (let i = 0; i < end; ) {
      const start = i
      while (i < end && !isCollapsible(value.charCodeAt(i))) i++
      if (i > start) {
        this.closeGap(value.charCodeAt(start))
        this.add(start === 0 && i === end ? value : value.slice(start, i))
      }
      if (i === end) return
      let hasBreak = false
      for (; i < end && isCollapsible(value.charCodeAt(i)); i++) hasBreak ||= value.charCodeAt(i) === LINE_FEED
      this.leaveGap(hasBreak ? '\n' : ' ')
    }
  }

  nextCell(): void {
    if (this.text !== '') this.add('\t')
    this.gap = ''
  }

  leaveGap(gap: ' ' | '\n'): void {
    if (this.text !== '' && this.last !== TAB && this.gap !== '\n') this.gap = gap
  }

  private closeGap(next: number): void {
    if (this.gap === ' ' || (this.gap === '\n' && !(isWide(next) && isWide(this.last)))) this.add(' ')
    this.gap = ''
  }
}

function extend(ranges: Range[], start: number, end: number): void {
  const last = ranges.at(-1)
  if (last && last.end === start) ranges[ranges.length - 1] = { start: last.start, end }
  else ranges.push({ start, end })
}

/** A line whose place is not yet known. */
type Draft = { -readonly [key in keyof PageLine]: PageLine[key] }

const NONE: readonly never[] = []

function finish(builder: Builder, row: boolean): Draft | null {
  const { text } = builder
  let from = 0
  let to = text.length
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  if (from === to) return null
  const clip = <T extends Range>(ranges: readonly T[]): readonly T[] =>
    ranges.length === 0
      ? NONE
      : from === 0 && to === text.length
        ? ranges
        : ranges
            .map((range) => ({
              ...range,
              start: Math.max(range.start, from) - from,
              end: Math.min(range.end, to) - from,
            }))
            .filter((range) => range.start < range.end)
  const links = clip(builder.links)
  return {
    text: text.slice(from, to),
    folded: '',
    at: 0,
    index: 0,
    element: builder.element,
    heading: builder.heading,
    bold: clip(builder.bold),
    headingFont: clip(builder.headingFont),
    links,
    linkShare: links.reduce((sum, { start, end }) => sum + end - start, builder.scripted) / (to - from),
    row,
  }
}

/** Gives the drafts their places in the page's text. */
function place(drafts: readonly Draft[]): { text: string; lines: readonly PageLine[] } {
  const text = drafts.map((draft) => draft.text).join('\n')
  const folded = fold(text)
  let at = 0
  drafts.forEach((draft, index) => {
    draft.index = index
    draft.at = at
    draft.folded = folded.slice(at, at + draft.text.length)
    at += draft.text.length + 1
  })
  return { text, lines: drafts }
}

const NO_ROWS: ReadonlySet<Element> = new Set()

/** An element whose children are being read. */
interface Frame {
  readonly element: Element
  readonly style: Style
  readonly block: Element | null
  /** The child to be read next. */
  next: number
  readonly start: number
  readonly edge: 'none' | 'block' | 'row' | 'cell'
  /** Whether its extent is kept. */
  readonly isKept: boolean
}

/** Walks a tree and collects its lines. */
class LineReader {
  private readonly shown: ReadonlySet<Element>
  private readonly dataTables: ReadonlySet<Element>
  private readonly drafts: Draft[] = []
  private readonly hidden: Element[] = []
  private readonly extents = new Map<Element, Extent>()
  private readonly tagged: Element[] = []
  private readonly images: number[] = []
  private readonly marks: { text: string; line: number }[] = []
  private readonly anchors: Element[] = []
  private readonly meta: { name: string; content: string }[] = []
  private readonly builder = new Builder()
  private readonly traits = new TraitReader()
  private readonly frames: Frame[] = []
  private scripts = 0
  private visibleChars = 0
  /** Rows of data tables that are open: inside one, block edges end no line. */
  private openRows = 0

  constructor(shown: ReadonlySet<Element>, dataTables: ReadonlySet<Element>) {
    this.shown = shown
    this.dataTables = dataTables
  }

  read(body: Element | null): Lines {
    if (body) this.enter(body, tagOf(body), this.traits.read(body), PLAIN, null)
    for (let frame = this.frames.at(-1); frame !== undefined; frame = this.frames.at(-1)) {
      const node = frame.element.childNodes[frame.next++]
      if (node === undefined) {
        this.leave(frame)
        this.frames.pop()
      } else if (isText(node)) this.readText(node.value, frame)
      else if (isElement(node)) this.readElement(node, frame)
      else if (isComment(node) && CONTENT_MARK.test(node.data))
        this.marks.push({ text: node.data, line: this.drafts.length })
    }
    const { visibleChars, scripts, hidden, extents, images, marks, anchors, meta } = this
    const find = createFinder(this.tagged)
    return { ...place(this.drafts), visibleChars, scripts, hidden, extents, find, images, marks, anchors, meta }
  }

  private readText(value: string, { style, block }: Frame): void {
    this.visibleChars += countVisible(value)
    if (!style.pre || this.openRows > 0) this.builder.append(value, style, block)
    else
      value.split('\n').forEach((piece, i) => {
        if (i > 0) this.flush(false)
        this.builder.append(piece, style, block)
      })
  }

  private readElement(element: Element, frame: Frame): void {
    const tag = tagOf(element)
    if (element.tagName === 'br') this.breakLine()
    else if (tag.unseen) this.scripts++
    else this.readVisible(element, tag, frame)
  }

  private readVisible(element: Element, tag: Tag, frame: Frame): void {
    const traits = this.traits.read(element)
    if (traits.isHidden && !this.shown.has(element)) {
      this.hidden.push(element)
      return
    }
    if (element.tagName === 'a') this.anchors.push(element)
    else if (element.tagName === 'img') this.images.push(this.drafts.length)
    else if (element.tagName === 'meta') {
      const name = attribute(element, 'name')
      if (name !== null) this.meta.push({ name, content: attribute(element, 'content') ?? '' })
    }
    this.enter(element, tag, traits, frame.style, frame.block)
  }

  private enter(element: Element, tag: Tag, traits: Traits, outer: Style, block: Element | null): void {
    const style = styleOf(element, tag, traits, outer)
    let edge: Frame['edge'] = 'none'
    if (element.tagName === 'tr' && this.dataTables.has(element)) edge = 'row'
    else if (this.openRows > 0 && (element.tagName === 'td' || element.tagName === 'th')) edge = 'cell'
    else if (tag.block || traits.style?.block) edge = 'block'
    if (edge === 'row') {
      this.flush(false)
      this.openRows++
    } else if (edge === 'cell') this.builder.nextCell()
    else if (edge === 'block') this.breakLine()
    if (traits.isNamed) this.tagged.push(element)
    this.frames.push({
      element,
      style,
      block: edge === 'none' ? block : element,
      next: 0,
      start: this.drafts.length,
      edge,
      isKept: traits.isNamed || edge !== 'none',
    })
  }

  private leave({ element, edge, isKept, start }: Frame): void {
    if (edge === 'row') {
      this.flush(true)
      this.openRows--
    } else if (edge === 'block') this.breakLine()
    if (isKept) this.extents.set(element, { start, end: this.drafts.length + (this.builder.text === '' ? 0 : 1) })
  }

  private breakLine(): void {
    if (this.openRows > 0) this.builder.leaveGap('\n')
    else this.flush(false)
  }

  private flush(row: boolean): void {
    if (this.builder.text === '') return
    const draft = finish(this.builder, row)
    if (draft) this.drafts.push(draft)
    this.builder.reset()
  }
}

/** The lines of a body as a reader sees them. `shown`: hidden elements that are read all the same. */
export function readLines(body: Element | null, shown: ReadonlySet<Element> = new Set(), hasTables = true): Lines {
  return new LineReader(shown, hasTables ? findDataTables(body) : NO_ROWS).read(body)
}

/** The lines of a text rendering: all of it is visible. */
export function readTextLines(text: string): Lines {
  const drafts = text.split(/[\n\v\f\u2028\u2029]/).flatMap((line) => {
    const builder = new Builder()
    builder.text = line
    return finish(builder, false) ?? []
  })
  return {
    ...place(drafts),
    visibleChars: countVisible(text),
    scripts: 0,
    hidden: [],
    extents: new Map(),
    find: createFinder([]),
    images: [],
    marks: [],
    anchors: [],
    meta: [],
  }
}

/** The text of a hidden element, white space folded. */
export function hiddenText(element: Element): string {
  return textOf(element).replace(/\s+/g, ' ').trim()
}
