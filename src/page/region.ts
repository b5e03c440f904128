import type { Profile } from '../profiles/index.ts'
import { DATE_LINE, FORMULA, NUMBERED_LINE, PAPER, RECEIVED, SALUTATION_END, UNIT_END } from '../text/cues.ts'
import type { Allotments } from './allotment.ts'
import { type Element, parentElement, type Selector, selector } from './dom.ts'
import type { Extent, Lines, PageLine } from './lines.ts'

const SENTENCE = /[。；！？;!?：:]["”’）)]?$|。/
const END_MATTER =
  /^\(?(?:联 *系 *人|联系单位|联系电话|承 *办 *人|承办负责人|经 *办 *人|工作人员|电 *话|签 *发 *人|领导签发|抄 *送|附 *件|此件|办复类别|办理结果|公开属性|是否同意公开|特此|此致|敬礼)/
/** A date that lost its 年月日, or a telephone number alone. */
const BROKEN_DATE = /^(?:19|20)\d{4,6}$|^\(?\d[\d() -]{6,18}\d$/
const FORMULA_INSIDE = /(?:(?:答复|函复|回复|报告|意见)如下|如下(?:答复|函复|回复)) ?[:。]/
const PARTY_SALUTATION = /^[^。；;!?]{2,80}(?:党|社|盟|会|局|委|组|团|办|府|镇|乡|道|支部|部|院|厅|中心|公司) ?:$/

/** Any short line with a colon right above the opening. */
const COLON_LINE = /^[^。;:,]{2,40} ?:$/

/** Whether a folded line addresses somebody. */
export const isAddress = (folded: string) => SALUTATION_END.test(folded) || PARTY_SALUTATION.test(folded)

const OPENING_SIGN = /如下|收悉|办理/

/** Whether a folded line opens a reply: the formula, or the proposal named as received. */
export const isOpening = (folded: string) =>
  OPENING_SIGN.test(folded) &&
  (FORMULA.test(folded) || FORMULA_INSIDE.test(folded) || (RECEIVED.test(folded) && PAPER.test(folded)))

/** How much a line speaks for a letter (positive) or for furniture (negative). */
function weigh(line: PageLine, isFree: boolean): number {
  const { folded } = line
  if (!isFree) return -3
  if (line.linkShare > 0.5 && !/^附/.test(folded)) return -4
  if (isOpening(folded)) return 10
  if (isAddress(folded)) return 6
  if (DATE_LINE.test(folded) || BROKEN_DATE.test(folded) || END_MATTER.test(folded) || isHeaderLike(line)) return 4
  if (NUMBERED_LINE.test(folded)) return 3
  if (SENTENCE.test(folded)) return 2 + Math.min(6, folded.length / 40)
  if (line.row) return 0
  if (folded.length <= 40 && UNIT_END.test(folded)) return -1
  return folded.length > 60 ? 1 : -2
}

/** The region of the letter, or null when nothing on the page reads like an article. */
export function findRegion(
  page: Lines,
  profile: Profile,
  allotments: Allotments,
  infoLines: readonly number[],
): Extent | null {
  const core = findCore(page.lines, allotments)
  const container = markedRegion(page, profile, core) ?? selectedRegion(page, profile, core)
  if (container === null) return core && grownRegion(page, core, allotments, infoLines)
  // Date and source may stand inside the container, with the title above them; repeated there, they are a header's.
  const isRepeated = infoLines.some((i) => i < container.start)
  const info = isRepeated
    ? undefined
    : infoLines.find((i) => i >= container.start && i < (core?.start ?? container.end))
  return info === undefined ? container : { ...container, start: info + 1 }
}

/** The lines that are surely the letter: from its salutation or opening to the end of what reads like one. */
function findCore(lines: readonly PageLine[], allotments: Allotments): Extent | null {
  const opening = lines.findIndex((line) => allotments.isFree(line) && isOpening(line.folded) && line.linkShare < 0.5)
  let start = opening
  if (opening >= 0) {
    for (let i = opening - 1; i >= Math.max(0, opening - 12); i--)
      if (isAddress(lines[i]!.folded) && allotments.isFree(lines[i]!)) {
        start = i
        break
      }
    const above = lines[opening - 1]
    if (start === opening && above && allotments.isFree(above) && COLON_LINE.test(above.folded)) start = opening - 1
  } else start = heaviestStart(lines, allotments)
  if (start < 0) return null
  let end = start
  let barriers = 0
  let weight = 0
  for (let i = start; i < lines.length && barriers < 2; i++) {
    const line = lines[i]!
    if (isBarrier(line, allotments)) barriers++
    else {
      const own = signsBelow(lines, i) ? 1 : weigh(line, allotments.isFree(line))
      if (own <= 0) continue
      weight += own
      end = i + 1
      barriers = 0
    }
    if (ENDS.has(allotments.removedAs(line) ?? '')) break
  }
  return weight < 2 ? null : { start, end }
}

/** Whether a line is a unit that signs below the date, because none signs above it. */
function signsBelow(lines: readonly PageLine[], i: number): boolean {
  const isUnit = (line: PageLine | undefined) =>
    line !== undefined && line.text.length <= 60 && UNIT_END.test(line.folded)
  return isUnit(lines[i]) && DATE_LINE.test(lines[i - 1]?.folded ?? '') && !isUnit(lines[i - 2])
}

/** Furniture behind which no letter goes on. */
const ENDS = new Set<string>(['footer', 'related', 'cms_settings'])
/** Two of these in a row end what reads like a letter: links, and furniture that is no tool of the page. */
const isBarrier = (line: PageLine, allotments: Allotments) =>
  allotments.isFree(line)
    ? line.linkShare > 0.5 && !/^附/.test(line.folded)
    : ENDS.has(allotments.removedAs(line) ?? '')

/** Where the heaviest run of article lines begins; -1 when there is none. */
function heaviestStart(lines: readonly PageLine[], allotments: Allotments): number {
  let best = 0
  let bestStart = -1
  let sum = 0
  let start = 0
  lines.forEach((line, i) => {
    if (sum <= 0) {
      sum = 0
      start = i
    }
    sum += weigh(line, allotments.isFree(line))
    if (sum > best) {
      best = sum
      bestStart = start
    }
  })
  return bestStart
}

/** Between the comments that the CMS sets around the content. */
function markedRegion(page: Lines, profile: Profile, core: Extent | null): Extent | null {
  if (profile.contentMark === null) return null
  const begin = page.marks.find(({ text }) => profile.contentMark!.exec(text)?.[1] === 'begin')
  const end = page.marks.find(
    ({ text, line }) => profile.contentMark!.exec(text)?.[1] === 'end' && line >= (begin?.line ?? 0),
  )
  if (!begin || !end || end.line <= begin.line) return null
  const region = { start: begin.line, end: end.line }
  return core === null || overlaps(region, core) ? region : null
}

const compiled = new Map<Profile, Selector[]>()

/** The container that the profile names, when it holds the core of the letter. */
function selectedRegion(page: Lines, profile: Profile, core: Extent | null): Extent | null {
  let selectors = compiled.get(profile)
  if (selectors === undefined) {
    selectors = profile.body.map(selector)
    compiled.set(profile, selectors)
  }
  for (const one of selectors) {
    for (const element of page.find(one)) {
      const extent = page.extents.get(element)
      if (!extent || extent.end <= extent.start) continue
      if (core === null || (core.start >= extent.start && core.start < extent.end)) return extent
    }
  }
  return null
}

const overlaps = (a: Extent, b: Extent) => a.start < b.end && b.start < a.end

/** From the core outwards: the smallest element around it, as far as it holds no furniture. */
function grownRegion(page: Lines, core: Extent, allotments: Allotments, infoLines: readonly number[]): Extent {
  const { lines } = page
  const around = smallestAround(page, core)
  const isFurniture = (line: PageLine) => line.linkShare > 0.5 || !allotments.isFree(line)
  const start = areaStart(lines, core, around.start, allotments, infoLines)
  let end = around.end
  if (lines.slice(core.end, around.end).some(isFurniture))
    for (end = core.end; end < around.end && END_MATTER.test(lines[end]!.folded) && allotments.isFree(lines[end]!); )
      end++
  return { start, end }
}

/** Tools may stand between the lines of a letter; other furniture ends its area. */
const TOOLS = new Set<string>(['page_tool', 'share', 'duplicate', 'ad'])
/** Further above than this no line with date and source belongs to the letter. */
const FAR = 60

/** Where the area of the letter begins above its core: behind date and source, the catalogue, or what can be no header. */
function areaStart(
  lines: readonly PageLine[],
  core: Extent,
  floor: number,
  allotments: Allotments,
  infoLines: readonly number[],
): number {
  const isRepeated = infoLines.some((i) => i < floor)
  const info = isRepeated ? undefined : infoLines.find((i) => i >= floor && i < core.start && core.start - i < FAR)
  if (info !== undefined) return info + 1
  let header = core.start
  let isHeader = true
  for (let i = core.start - 1; i >= floor; i--) {
    const line = lines[i]!
    if (allotments.isFree(line) && line.linkShare <= 0.5) {
      isHeader &&= isHeaderLike(line)
      if (isHeader) header = i
    } else if (!TOOLS.has(allotments.removedAs(line) ?? ''))
      return allotments.isFree(line) || allotments.removedAs(line) ? header : i + 1
  }
  return floor
}

const HEADER_LIKE =
  /^(?:类 *别|办理结果|办复情况|办复类别|公开属性|是否同意公开|签 *发 *人|签发领导) ?:|^[A-D]类?$|[〔[(【﹝]\d{4}[〕\])】﹞] ?(?:第 ?)?\d{1,5} ?号/
const isHeaderLike = (line: PageLine) => line.text.length < 60 && HEADER_LIKE.test(line.folded) && line.linkShare < 0.5

/** The extent of the smallest block element around a run of lines; of all lines in a text rendering. */
function smallestAround(page: Lines, core: Extent): Extent {
  for (let at: Element | null = page.lines[core.start]!.element; at !== null; at = parentElement(at)) {
    const extent = page.extents.get(at)
    if (extent && extent.start <= core.start && extent.end >= core.end) return extent
  }
  return { start: 0, end: page.lines.length }
}
