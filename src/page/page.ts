import { type Diagnostic, diagnostic, InputError } from '../diagnostics.ts'
import type { Line } from '../line.ts'
import { generic, PROFILES, type Profile } from '../profiles/index.ts'
import type { Catalog, RemovedKind, ReplyRecord } from '../record.ts'
import { isSettingsLine } from '../text/cues.ts'
import type { Stretch } from '../text/stretch.ts'
import { type Address, findAddress } from './address.ts'
import { type Allotment, Allotments } from './allotment.ts'
import { readCatalog } from './catalog.ts'
import { chromeNamer } from './chrome.ts'
import { attribute, type Element, type Head, readHead, type Selector, selector, textOf } from './dom.ts'
import { findJunk } from './junk.ts'
import { findHiddenLetter, refuseEarly, refuseLate } from './kind.ts'
import { hiddenText, type Lines, readLines, readTextLines } from './lines.ts'
import { type Found, findInfoLines, metaContent, readMetadata, readTitle } from './metadata.ts'
import { parse } from './parse.ts'
import { findRegion } from './region.ts'

/** What the page says around the letter, and the letter's lines. */
export interface PageReading {
  /** The visible text, a line a line. */
  readonly text: string
  readonly visibleChars: number
  /** The lines of the letter's area, furniture out, in reading order. */
  readonly letter: readonly Line[]
  readonly page: ReplyRecord['page']
  readonly catalog: Catalog
  readonly found: readonly Found[]
  readonly title: Stretch | null
  /** Every stretch that is not the letter's. */
  readonly allotments: readonly Allotment[]
  /** What is removed though no reader sees it. */
  readonly unseen: readonly { readonly kind: RemovedKind; readonly text: string; readonly rule: string }[]
  readonly meta: Head['meta']
  /** The address as the page itself names it. */
  readonly address: Address
  /** href of `<base>`. */
  readonly base: string | null
  readonly profile: string
  readonly diagnostics: readonly Diagnostic[]
}

const NO_HEAD: Head = { title: null, meta: [], canonical: null, base: null, body: null }

/** Reads an HTML page. Throws an InputError when it holds no letter. `host`: of the page's address, where known. */
export function readPage(html: string, host: string | null): PageReading {
  const document = readHead(parse(html))
  const hasTables = /<table/i.test(html)
  let lines = readLines(document.body, undefined, hasTables)
  const head: Head = { ...document, meta: [...document.meta, ...lines.meta] }
  const early = refuseEarly(html, head, lines)
  if (early) throw early
  const diagnostics: Diagnostic[] = []
  const hasOpening = (page: Lines) => /(?:答复|函复|回复|报告|意见)如下|收悉/.test(page.text)
  if (!hasOpening(lines)) {
    const hidden = findHiddenLetter(lines)
    if (hidden instanceof InputError) throw hidden
    if (hidden) {
      lines = readLines(document.body, new Set([hidden]), hasTables)
      diagnostics.push(diagnostic('page.hidden_letter', 'The letter stands in an element that the page hides.'))
    }
  }
  return readParts(lines, head, chooseProfile(lines, head, host), html, diagnostics)
}

/** Reads a text rendering of a page. Throws an InputError when it holds no letter. */
export function readTextPage(text: string): PageReading {
  return readParts(readTextLines(text), NO_HEAD, { ...generic, name: 'text' }, '', [])
}

const marks = new Map<Profile, Selector[]>()

function chooseProfile(lines: Lines, head: Head, host: string | null): Profile {
  const hosts = [host, metaContent(head, 'sitedomain')].filter((name) => name !== null)
  for (const profile of PROFILES) {
    if (profile.contentMark !== null && lines.marks.some(({ text }) => profile.contentMark!.test(text))) return profile
    let selectors = marks.get(profile)
    if (selectors === undefined) {
      selectors = profile.marks.map(selector)
      marks.set(profile, selectors)
    }
    if (selectors.some((one) => lines.find(one).length > 0)) return profile
    if (profile.hosts !== null && hosts.some((name) => profile.hosts!.test(name))) return profile
  }
  return generic
}

/** A reply page has some hundred lines. */
const MOST_LINES = 200_000

function readParts(lines: Lines, head: Head, profile: Profile, html: string, diagnostics: Diagnostic[]): PageReading {
  if (lines.lines.length > MOST_LINES)
    throw new InputError('input.too_big', `The page has ${lines.lines.length} lines.`)
  const allotments = new Allotments()
  for (const line of lines.lines) {
    const junk = findJunk(line.folded)
    if (junk) allotments.remove(line, junk.kind, junk.rule)
  }
  const catalog = readCatalog(lines.lines, allotments)
  const infoLines = findInfoLines(lines.lines)
  const region = findRegion(lines, profile, allotments, [...infoLines.keys()])
  const links = lines.anchors
  if (!(region && /(?:答复|函复|回复|报告|意见)如下|收悉/.test(lines.text))) {
    const late = refuseLate(lines, links, region)
    if (late) throw late
  }
  const title = readTitle(lines, head, profile, region, infoLines, allotments)
  const metadata = readMetadata(lines, head, title, region, infoLines, catalog, allotments)
  const letterLines =
    region === null ? [] : lines.lines.slice(region.start, region.end).filter((line) => allotments.isFree(line))
  const twice = removeSecondBody(lines, region, allotments)
  const nameChrome = chromeNamer(profile, lines, region)
  lines.lines.forEach((line, i) => {
    if (!allotments.isFree(line) || (region !== null && i >= region.start && i < region.end)) return
    const { kind, rule } = nameChrome(line, i)
    allotments.remove(line, kind, rule)
  })
  const images = region === null ? 0 : lines.images.filter((at) => at > region.start && at <= region.end).length
  if (images > 0)
    diagnostics.push(diagnostic('letter.image', `Images stand in the letter (${images}); what they show is not read.`))
  if (links.some(isNextPage)) diagnostics.push(diagnostic('page.continued', 'The letter goes on on another page.'))
  if (twice)
    diagnostics.push(diagnostic('page.body_twice', 'The letter stands twice on the page; the second copy is removed.'))

  return {
    text: lines.text,
    visibleChars: lines.visibleChars,
    letter: letterLines,
    page: metadata.page,
    catalog: catalog.catalog,
    found: [
      ...metadata.found,
      ...catalog.places.map(({ pointer, start, end, rule }) => ({ value: '', pointer, start, end, raw: null, rule })),
    ],
    title: metadata.title,
    allotments: allotments.all(),
    unseen: [
      ...lines.hidden.map((element) => {
        const text = hiddenText(element)
        const kind: RemovedKind = isSettingsLine(text) ? 'cms_settings' : 'hidden'
        return { kind, text, rule: kind === 'hidden' ? 'hidden.element' : 'junk.cms_settings' }
      }),
      ...Array.from({ length: lines.scripts }, () => ({ kind: 'script' as const, text: '', rule: 'script.element' })),
    ],
    meta: head.meta,
    address: findAddress(html, head),
    base: head.base,
    profile: profile.name,
    diagnostics: [...metadata.diagnostics, ...diagnostics],
  }
}

const NEXT_PAGE = /(?:\/contents\/\d+\/\d+_2|(?:^|\/)\d+_2|t\d{8}_\d+_1)\.s?html?(?:[?#]|$)/

const NEXT_WORDS = /^(?:\[?\d{1,2}\]?|\[?(?:下一?页|后一?页|尾页|末页)\]?|[>»]{1,2})$/

/** A link to the next part of a paged article: `518646_2.html` (SiteServer), `t20211122_5713888_1.html` (TRS). */
function isNextPage(link: Element): boolean {
  const href = attribute(link, 'href') ?? ''
  return href.includes('_') && NEXT_PAGE.test(href) && NEXT_WORDS.test(textOf(link).trim())
}

/** Removes a second copy of the letter outside its region; a run of equal lines, half of the letter or more. */
function removeSecondBody(
  lines: Lines,
  region: { start: number; end: number } | null,
  allotments: Allotments,
): boolean {
  if (region === null) return false
  const letter = lines.lines.slice(region.start, region.end)
  const words = new Set(letter.map(({ text }) => text))
  const size = letter.reduce((sum, { text }) => sum + text.length, 0)
  let run: typeof letter = []
  let found = false
  const close = () => {
    if (run.length >= 3 && run.reduce((sum, { text }) => sum + text.length, 0) * 2 >= size) {
      for (const line of run) allotments.remove(line, 'duplicate', 'body.twice')
      found = true
    }
    run = []
  }
  lines.lines.forEach((line, i) => {
    const outside = i < region.start || i >= region.end
    if (outside && words.has(line.text)) run.push(line)
    else close()
  })
  close()
  return found
}
