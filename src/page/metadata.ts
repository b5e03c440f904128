import { type Diagnostic, diagnostic } from '../diagnostics.ts'
import type { Profile } from '../profiles/index.ts'
import type { ReplyRecord } from '../record.ts'
import { DATE_LINE, REPLY_TITLE } from '../text/cues.ts'
import { findPageDate } from '../text/date.ts'
import { fold } from '../text/fold.ts'
import type { Stretch } from '../text/stretch.ts'
import type { Allotments } from './allotment.ts'
import type { CatalogReading } from './catalog.ts'
import { type Head, type Selector, selector } from './dom.ts'
import { type InfoPiece, readInfo } from './info.ts'
import type { Extent, Lines, PageLine } from './lines.ts'
import { isAddress, isOpening } from './region.ts'

/** A value of the page and where it stands: offsets in the page's text, or the words of the head. */
export interface Found {
  readonly value: string
  readonly pointer: string
  readonly start: number | null
  readonly end: number | null
  readonly raw: string | null
  readonly rule: string
}

export interface Metadata {
  readonly page: ReplyRecord['page']
  readonly found: readonly Found[]
  /** The title, to be read by the grammar of titles; null when the page has none. */
  readonly title: Stretch | null
  readonly diagnostics: readonly Diagnostic[]
}

/** The content of the first non-empty meta of a name; HTML compares names without case. */
export function metaContent(head: Head, name: string): string | null {
  for (const { name: candidate, content } of head.meta)
    if (candidate.toLowerCase() === name && content.trim() !== '') return content.trim()
  return null
}

const bare = (words: string) => words.replace(/[\s\u200b-\u200d\u2060\ufeff]+/g, '')

/** The lines with labelled dates and sources, by index, and their pieces. */
export function findInfoLines(lines: readonly PageLine[]): Map<number, InfoPiece[]> {
  const found = new Map<number, InfoPiece[]>()
  lines.forEach((line, i) => {
    const pieces = readInfo(line.folded)
    if (pieces.length > 0) found.set(i, pieces)
  })
  return found
}

export interface TitleReading {
  readonly title: string | null
  /** Lines of the visible title outside the letter, by index. */
  readonly lines: readonly number[]
  readonly rule: string
  readonly conflict: boolean
}

const compiled = new Map<Profile, Selector[]>()

/**
 * The title: ArticleTitle, else the heading of the article, else `<title>` without the site's name. Titles broken over
 * several lines are joined.
 */
export function readTitle(
  page: Lines,
  head: Head,
  profile: Profile,
  region: Extent | null,
  infoLines: ReadonlyMap<number, InfoPiece[]>,
  allotments: Allotments,
): TitleReading {
  const { lines } = page
  const above = region?.start ?? lines.length
  const isOpen = (i: number) => i >= 0 && i < above && allotments.isFree(lines[i]!) && !infoLines.has(i)
  const article = metaContent(head, 'articletitle')
  const documentTitle = head.title === null ? null : withoutSite(head.title, metaContent(head, 'sitename'))
  for (const [title, rule] of [
    [article, 'title.meta'],
    [documentTitle, 'title.document'],
  ] as const) {
    if (title === null) continue
    // `<title>` may be the name of the column, which a menu repeats.
    const isHeading = rule === 'title.meta' ? isOpen : (i: number) => isOpen(i) && lines[i]!.linkShare < 0.5
    const visible = linesSpelling(bare(title), lines, isHeading) ?? titleInside(bare(title), lines, region, allotments)
    if (visible || article !== null) {
      const heading = article === null || visible ? [] : elementLines(page, profile).filter(isOpen)
      return { title, lines: visible ?? heading, rule, conflict: heading.length > 0 }
    }
  }
  const joined = (indexes: readonly number[]) => indexes.map((i) => lines[i]!.text).join('')
  const ofElement = elementLines(page, profile).filter(isOpen)
  if (ofElement.length > 0)
    return { title: joined(ofElement), lines: ofElement, rule: 'title.element', conflict: false }
  const ofHeading = lines.findIndex((line, i) => isOpen(i) && line.heading && line.linkShare < 0.5)
  if (ofHeading >= 0)
    return { title: lines[ofHeading]!.text, lines: [ofHeading], rule: 'title.heading', conflict: false }
  const ofPlace = titleAbove(lines, above, infoLines, isOpen)
  if (ofPlace && (documentTitle === null || REPLY_TITLE.test(fold(joined(ofPlace)))))
    return { title: joined(ofPlace), lines: ofPlace, rule: 'title.place', conflict: false }
  return { title: documentTitle, lines: [], rule: 'title.document', conflict: false }
}

function elementLines(page: Lines, profile: Profile): number[] {
  let selectors = compiled.get(profile)
  if (selectors === undefined) {
    selectors = profile.title.map(selector)
    compiled.set(profile, selectors)
  }
  for (const one of selectors)
    for (const element of page.find(one)) {
      const extent = page.extents.get(element)
      if (extent && extent.end > extent.start && extent.end - extent.start <= 4)
        return Array.from({ length: extent.end - extent.start }, (_, i) => extent.start + i)
    }
  return []
}

/** The first run of up to four lines that spells a title, blanks aside. */
function linesSpelling(title: string, lines: readonly PageLine[], isOpen: (i: number) => boolean): number[] | null {
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]!.text[0] !== title[0]) continue
    let spelled = ''
    for (let j = i; j < Math.min(i + 4, lines.length) && isOpen(j); j++) {
      spelled += bare(lines[j]!.text)
      if (spelled === title) return Array.from({ length: j - i + 1 }, (_, k) => i + k)
      if (!title.startsWith(spelled)) break
    }
  }
  return null
}

/** The only title on the page may be the first line of the letter's area. */
function titleInside(
  title: string,
  lines: readonly PageLine[],
  region: Extent | null,
  allotments: Allotments,
): number[] | null {
  if (region === null) return null
  let first = region.start
  while (first < region.end && !allotments.isFree(lines[first]!)) first++
  const found = linesSpelling(title, lines.slice(first, first + 4), (i) => allotments.isFree(lines[first + i]!))
  return found?.[0] === 0 ? found.map((i) => first + i) : null
}

/** The title by its place: right above the line with date and source, else the nearest title of a reply above the letter. */
function titleAbove(
  lines: readonly PageLine[],
  above: number,
  infoLines: ReadonlyMap<number, InfoPiece[]>,
  isOpen: (i: number) => boolean,
): number[] | null {
  const info = [...infoLines.keys()].find((i) => i < above)
  const isTitleLine = (i: number) => isOpen(i) && lines[i]!.linkShare < 0.5 && lines[i]!.text.length <= 120
  const run = (last: number): number[] => {
    const indexes = [last]
    while (indexes.length < 4 && !/对|关于|【/.test(lines[indexes[0]!]!.folded) && isTitleLine(indexes[0]! - 1))
      indexes.unshift(indexes[0]! - 1)
    return /对|关于|【/.test(lines[indexes[0]!]!.folded) ? indexes : [last]
  }
  if (info !== undefined && isTitleLine(info - 1)) return run(info - 1)
  for (let i = above - 1; i >= Math.max(0, above - 10); i--) {
    if (!isTitleLine(i)) continue
    const indexes = run(i)
    if (REPLY_TITLE.test(indexes.map((j) => lines[j]!.folded).join(''))) return indexes
  }
  return null
}

const SITE_WORDS = /(?:网|门户|政府|网站|局|委|委员会|办公室|官网|平台|信息公开|政务|厅|部|区|市|县)$/

/** Column, section, site: no title has more of them behind it. */
const MOST_SITE_PARTS = 5

/** `…的答复_天津政务网`, `天津市卫生健康委员会 …的答复` → `…的答复`. */
function withoutSite(title: string, siteName: string | null): string {
  let words = title
  if (siteName !== null && words.startsWith(siteName) && /^[\s_\-—|]/.test(words.slice(siteName.length)))
    words = words.slice(siteName.length)
  for (let parts = 0; parts < MOST_SITE_PARTS; parts++) {
    const cut = Math.max(...['_', '|', '－', '-', '—', '–'].map((sign) => words.lastIndexOf(sign)))
    if (cut <= 0 || words.charAt(cut - 1) === words.charAt(cut)) break
    const tail = words.slice(cut + 1).trim()
    if (tail !== siteName && !(tail.length <= 20 && SITE_WORDS.test(tail) && !REPLY_TITLE.test(fold(tail)))) break
    words = words.slice(0, cut)
  }
  const lead = /^(\S{4,20}) +(\S.*)$/.exec(words.trim())
  const isSiteLead =
    lead !== null &&
    /(?:网|网站|委员会|局|政府|厅|办公室)$/.test(lead[1]!) &&
    /^(?:关于|对)?.*(?:局|委员会|政府)(?:关于|对)/.test(fold(lead[2]!))
  return (isSiteLead ? lead[2]! : words).replace(/^[\s_\-—|]+/, '').replace(/(?<![\s_\-—|])[\s_\-—|]+$/, '')
}

/** The fields of the page, each with the place of the value that won; gives title and info lines to them. */
export function readMetadata(
  page: Lines,
  head: Head,
  title: TitleReading,
  region: Extent | null,
  infoLines: ReadonlyMap<number, InfoPiece[]>,
  catalog: CatalogReading,
  allotments: Allotments,
): Metadata {
  const { lines } = page
  const found: Found[] = []
  const diagnostics: Diagnostic[] = []
  const fromHead = (pointer: string, value: string | null, rule: string): string | null => {
    if (value !== null) found.push({ value, pointer, start: null, end: null, raw: value, rule })
    return value
  }

  for (const i of title.lines) {
    if (title.conflict) allotments.remove(lines[i]!, 'duplicate', 'title.conflict')
    else allotments.giveLine(lines[i]!, '/page/title', title.rule)
  }
  if (title.conflict)
    diagnostics.push(
      diagnostic('page.title_conflict', 'The heading on the page differs from ArticleTitle.', '/page/title'),
    )
  const [first, last] = [title.lines[0], title.lines.at(-1)]
  if (title.title !== null)
    if (first !== undefined && last !== undefined && !title.conflict)
      found.push({
        value: title.title,
        pointer: '/page/title',
        start: lines[first]!.at,
        end: lines[last]!.at + lines[last]!.text.length,
        raw: null,
        rule: title.rule,
      })
    else fromHead('/page/title', title.title, title.rule)

  const published = readPublished(lines, head, region, infoLines, found, diagnostics)
  let publishedAt = published.at
  let publishedRaw = published.raw
  const publisherPiece = firstPiece(lines, infoLines, 'publisher', region)
  let publisher: string | null = null
  if (publisherPiece) {
    const { line, piece } = publisherPiece
    publisher = lines[line]!.text.slice(piece.valueStart, piece.valueEnd)
    const start = lines[line]!.at + piece.valueStart
    found.push({
      value: publisher,
      pointer: '/page/publisher',
      start,
      end: start + publisher.length,
      raw: null,
      rule: 'publisher.label',
    })
  } else publisher = fromHead('/page/publisher', metaContent(head, 'contentsource'), 'publisher.meta')

  giveInfoLines(lines, infoLines, region, { publishedRaw, publisher }, allotments)

  const { published: catalogDate, issuing_body: catalogBody } = catalog.catalog
  if (publishedRaw === null && catalogDate !== null) {
    publishedAt = findPageDate(fold(catalogDate))?.iso ?? null
    publishedRaw = catalogDate
    const place = catalog.places.find(({ pointer }) => pointer === '/catalog/published')
    for (const pointer of ['/page/published_at', '/page/published_at_raw'])
      found.push({
        value: catalogDate,
        pointer,
        start: place?.start ?? null,
        end: place?.end ?? null,
        raw: null,
        rule: 'published.catalog',
      })
  }
  if (publisher === null && catalogBody !== null) {
    publisher = catalogBody
    const place = catalog.places.find(({ pointer }) => pointer === '/catalog/issuing_body')
    found.push({
      value: catalogBody,
      pointer: '/page/publisher',
      start: place?.start ?? null,
      end: place?.end ?? null,
      raw: null,
      rule: 'publisher.catalog',
    })
  }

  return {
    page: {
      title: title.title,
      published_at: publishedAt,
      published_at_raw: publishedRaw,
      publisher,
      site_name: fromHead('/page/site_name', metaContent(head, 'sitename'), 'meta.SiteName'),
      site_id: fromHead('/page/site_id', metaContent(head, 'siteidcode'), 'meta.SiteIDCode'),
      column_name: fromHead('/page/column_name', metaContent(head, 'columnname'), 'meta.ColumnName'),
    },
    found,
    title: title.title === null ? null : titleStretch(title, lines),
    diagnostics,
  }
}

function titleStretch(title: TitleReading, lines: readonly PageLine[]): Stretch {
  const only = title.lines.length === 1 && !title.conflict ? lines[title.lines[0]!]! : null
  return only
    ? { text: only.text, folded: only.folded, at: only.at }
    : { text: title.title!, folded: fold(title.title!), at: null }
}

/** The first piece of a kind that has a value: above the letter first, then anywhere but in its body. */
function firstPiece(
  lines: readonly PageLine[],
  infoLines: ReadonlyMap<number, InfoPiece[]>,
  field: InfoPiece['field'],
  region: Extent | null,
): { line: number; piece: InfoPiece } | null {
  const all = [...infoLines].flatMap(([line, pieces]) => pieces.map((piece) => ({ line, piece })))
  const body = bodyOf(lines, region)
  const valued = all.filter(
    ({ line, piece }) =>
      piece.field === field && piece.valueEnd > piece.valueStart && !(line > body.start && line < body.end),
  )
  return valued.find(({ line }) => region !== null && line < region.start) ?? valued[0] ?? null
}

/** From the opening of the letter to its date: `来源：财政拨款` there is the letter's. */
function bodyOf(lines: readonly PageLine[], region: Extent | null): Extent {
  if (region === null) return { start: 0, end: 0 }
  let start = region.end
  let end = region.start
  for (let i = region.start; i < region.end; i++) {
    const { folded } = lines[i]!
    if (DATE_LINE.test(folded)) end = i
    if (i < start && (isOpening(folded) || isAddress(folded))) start = i
  }
  return { start, end }
}

const BARE_DATE = /^\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)(?: +\d{1,2}:\d{2}(?::\d{2})?)?$/

const unusable = (what: string, isUnset: boolean) =>
  isUnset
    ? diagnostic('page.date_unset', `${what} is an unset value of the database.`, '/page/published_at')
    : diagnostic('page.date_unreadable', `${what} could not be read as a date.`, '/page/published_at')

/** The day that a reader sees wins; a meta of the same day adds its time; another day is a warning. */
function readPublished(
  lines: readonly PageLine[],
  head: Head,
  region: Extent | null,
  infoLines: ReadonlyMap<number, InfoPiece[]>,
  found: Found[],
  diagnostics: Diagnostic[],
): { at: string | null; raw: string | null } {
  const meta = metaContent(head, 'pubdate')
  const metaDate = meta === null ? null : findPageDate(fold(meta))
  const seen = firstPiece(lines, infoLines, 'published', region)
  const note = (value: string, start: number | null, end: number | null, raw: string | null, rule: string) => {
    for (const pointer of ['/page/published_at', '/page/published_at_raw'])
      found.push({ value, pointer, start, end, raw, rule })
  }
  if (seen === null) {
    if (meta === null) return { at: null, raw: null }
    if (!metaDate?.iso) diagnostics.push(unusable('PubDate', metaDate?.isUnset ?? false))
    note(meta, null, null, meta, 'published.meta')
    return { at: metaDate?.iso ?? null, raw: meta }
  }
  const line = lines[seen.line]!
  const start = line.at + seen.piece.valueStart
  const raw = line.text.slice(seen.piece.valueStart, seen.piece.valueEnd)
  const printed = findPageDate(line.folded.slice(seen.piece.valueStart, seen.piece.valueEnd))
  const iso = printed?.iso ?? null
  if (iso === null) {
    diagnostics.push(unusable('The printed date', printed?.isUnset ?? false))
    if (meta !== null && metaDate?.iso) {
      note(meta, null, null, meta, 'published.meta')
      return { at: metaDate.iso, raw: meta }
    }
  }
  note(raw, start, start + raw.length, null, 'published.label')
  if (iso === null) return { at: null, raw }
  if (metaDate?.iso && metaDate.iso.slice(0, 10) !== iso.slice(0, 10))
    diagnostics.push(
      diagnostic(
        'page.date_conflict',
        `The page prints ${iso.slice(0, 10)}, PubDate says ${metaDate.iso.slice(0, 10)}.`,
        '/page/published_at',
      ),
    )
  const sameDay = metaDate?.iso?.slice(0, 10) === iso
  return { at: sameDay ? metaDate!.iso : iso, raw }
}

/** Info lines go to their fields; one that only repeats is a duplicate; inside the letter only repeats and rests are taken. */
function giveInfoLines(
  lines: readonly PageLine[],
  infoLines: ReadonlyMap<number, InfoPiece[]>,
  region: Extent | null,
  won: { publishedRaw: string | null; publisher: string | null },
  allotments: Allotments,
): void {
  const taken = new Set<string>()
  for (const [i, pieces] of infoLines) {
    const line = lines[i]!
    if (!allotments.isFree(line)) continue
    const inside = region !== null && i >= region.start && i < region.end
    const values = pieces.map(({ field, valueStart, valueEnd }) => ({
      field,
      value: line.text.slice(valueStart, valueEnd),
    }))
    const repeats = values.every(
      ({ field, value }) =>
        value === '' || (field === 'publisher' ? value === won.publisher : sameDay(value, won.publishedRaw)),
    )
    if (inside && (!repeats || line.text.length > 120 || line.folded.includes('。'))) continue
    const fresh = pieces.filter(
      ({ field }, j) =>
        !taken.has(field) &&
        (field === 'publisher' ? values[j]!.value === won.publisher : sameDay(values[j]!.value, won.publishedRaw)),
    )
    for (const { field } of fresh) taken.add(field)
    if (fresh.length === 0)
      allotments.remove(line, values.some(({ value }) => value !== '') ? 'duplicate' : 'page_tool', 'info.repeat')
    else
      allotments.givePieces(
        line,
        fresh.map(({ field, start, end }) => ({
          start,
          end,
          field: field === 'publisher' ? '/page/publisher' : '/page/published_at',
          rule: `${field}.label`,
        })),
      )
  }
  const isRepeatedDate = (line: PageLine) =>
    BARE_DATE.test(line.folded) && !line.folded.includes('年') && sameDay(line.text, won.publishedRaw)
  for (const line of lines)
    if (allotments.isFree(line) && isRepeatedDate(line)) allotments.remove(line, 'duplicate', 'info.repeat')
}

function sameDay(one: string, other: string | null): boolean {
  if (other === null) return false
  const day = (words: string) => findPageDate(fold(words))?.iso?.slice(0, 10)
  return day(one) !== undefined && day(one) === day(other)
}
