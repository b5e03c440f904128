import type { Profile } from '../profiles/index.ts'
import type { RemovedKind } from '../record.ts'
import { attribute, type Element, parentElement, type Selector, selector } from './dom.ts'
import type { Extent, Lines, PageLine } from './lines.ts'

/** Names that furniture bears in id or class, on any portal; ordered, the more particular first. */
const NAMES: readonly { readonly kind: RemovedKind; readonly pattern: RegExp }[] = [
  {
    kind: 'breadcrumb',
    pattern: /(?:^|[\s_-])(?:location|breadcrumbs?|crumbs?|position|curpos|dqwz|weizhi|wz)(?:$|[\s_-])/i,
  },
  { kind: 'share', pattern: /share|qrcode|ewm|erweima|bdsharebuttonbox|weixin/i },
  { kind: 'related', pattern: /related|relat|xgwz|xgxw|xgyd|xglj|xgwd|prevnext|pre-next/i },
  { kind: 'page_tool', pattern: /font|tool|print|fontsize|zoomtool|pagefunc|edit/i },
  { kind: 'ad', pattern: /(?:^|[\s_-])(?:ads?|advert|guanggao|piaofu|float)(?:$|[\s_-])/i },
  { kind: 'footer', pattern: /foot|bottom|copyright|banquan/i },
  { kind: 'link_list', pattern: /friend|yqlj|links?(?:$|[\s_-])|select_con/i },
  {
    kind: 'site_nav',
    pattern: /nav|menu|header|topbar|(?:^|[\s_-])(?:head|top)(?:$|[\s_-])|logo|banner|search|sidebar|leftbar/i,
  },
]
const TAGS = new Map<string, RemovedKind>([
  ['nav', 'site_nav'],
  ['header', 'site_nav'],
  ['footer', 'footer'],
  ['option', 'link_list'],
  ['select', 'link_list'],
])

function ofTag(element: Element): Named | null {
  const kind = TAGS.get(element.tagName)
  return kind ? { kind, rule: `chrome.${element.tagName}` } : null
}

/** By id and class, parted by a blank. */
function ofName(name: string): Named | null {
  const found = NAMES.find(({ pattern }) => pattern.test(name))
  return found ? { kind: found.kind, rule: 'chrome.name' } : null
}

export interface Named {
  readonly kind: RemovedKind
  readonly rule: string
}

const LINKS_ABOVE: Named = { kind: 'site_nav', rule: 'chrome.links' }
const LINKS_BELOW: Named = { kind: 'link_list', rule: 'chrome.links' }
const PLACED_ABOVE: Named = { kind: 'site_nav', rule: 'chrome.place' }
const PLACED_BELOW: Named = { kind: 'link_list', rule: 'chrome.place' }
const UNKNOWN: Named = { kind: 'unknown', rule: 'chrome.place' }

const compiled = new Map<Profile, { kind: RemovedKind; selector: Selector }[]>()

/** What a line outside the letter is: by the portal's names, by names that furniture bears anywhere, by its links. */
export function chromeNamer(
  profile: Profile,
  { find }: Lines,
  letter: Extent | null,
): (line: PageLine, index: number) => Named {
  let selectors = compiled.get(profile)
  if (selectors === undefined) {
    selectors = profile.chrome.map(({ kind, selector: source }) => ({ kind, selector: selector(source) }))
    compiled.set(profile, selectors)
  }
  const byProfile = new Map<Element, Named>()
  for (const { kind, selector: one } of selectors.toReversed())
    for (const element of find(one)) byProfile.set(element, { kind, rule: `chrome.${one.source}` })
  const byName = new Map<string, Named | null>()
  const known = new Map<Element, Named | null>()
  const ofElement = (element: Element): Named | null => {
    // An element without attributes is what the one around it is.
    const from = element.attrs.length === 0 && !TAGS.has(element.tagName) ? parentElement(element) : element
    const path: Element[] = []
    let found: Named | null = null
    for (let at: Element | null = from; at !== null; at = parentElement(at)) {
      const cached = known.get(at)
      if (cached !== undefined) {
        found = cached
        break
      }
      path.push(at)
    }
    for (const at of path.reverse()) {
      found = ofOne(at) ?? found
      known.set(at, found)
    }
    return found
  }
  const ofOne = (element: Element): Named | null => {
    if (element.attrs.length === 0) return ofTag(element)
    const found = byProfile.get(element) ?? ofTag(element)
    if (found) return found
    const id = attribute(element, 'id')
    const classes = attribute(element, 'class') ?? ''
    const name = id === null ? classes : `${id} ${classes}`
    let named = byName.get(name)
    if (named === undefined) {
      named = ofName(name)
      byName.set(name, named)
    }
    return named
  }
  return (line, index) => {
    const named = line.element && ofElement(line.element)
    if (named) return named
    const isAbove = letter === null || index < letter.start
    if (line.linkShare > 0.5) return isAbove ? LINKS_ABOVE : LINKS_BELOW
    if (line.element === null && line.text.length < 40) return isAbove ? PLACED_ABOVE : PLACED_BELOW
    return UNKNOWN
  }
}
