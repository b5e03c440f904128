import { PROFILES } from '../profiles/index.ts'
import { REPLY_TITLE } from '../text/cues.ts'
import { findPageDate } from '../text/date.ts'
import { fold } from '../text/fold.ts'
import { attribute, type Element, isElement, isText, type Node, parentElement, readHead, selector } from './dom.ts'
import { isReplyTitle } from './kind.ts'
import { parse } from './parse.ts'

/** A link of a list page to an article. */
export interface ListLink {
  /** Absolute, without fragment. */
  readonly url: string
  /** The whole title, from `title=` where the list cuts it. */
  readonly title: string
  /** `YYYY-MM-DD`; null when the list gives none. */
  readonly date: string | null
  /** Whether it stands in an item of the list, not in the page's furniture. */
  readonly isItem: boolean
  /** Whether its title is that of a reply. */
  readonly isReply: boolean
}

export interface List {
  readonly links: readonly ListLink[]
  /** The address of the next page of the list; null on the last. */
  readonly next: string | null
}

const ITEMS = PROFILES.flatMap(({ list }) => list).map(selector)

/** Links without href: `isDownLoad(this,'https://…')`, `window.open('…')`, `location.href='…'`. */
const SCRIPTED =
  /(?:isDownLoad\(this, ?|window\.open\(|location(?:\.href)? ?= ?|openUrl\(|goUrl\()['"]([^'"]{1,2000})['"]/i
const WEB = /^https?:$/
/** What matching robots.txt costs grows with it. */
const LONGEST_ADDRESS = 2000
/** How far an item may reach around its link. */
const ITEM_DEPTH = 5

/** Reads a list page of a column. `address`: of the page, to which its links are relative. */
export function readList(html: string, address: string): List {
  const document = readHead(parse(html))
  const base =
    document.base !== null && URL.canParse(document.base, address) ? new URL(document.base, address).href : address
  // `<link rel=next>` stands in the head.
  const root = document.body && parentElement(document.body)
  const elements = root === null ? [] : elementsOf(root)
  const anchors = elements.filter(({ tagName }) => tagName === 'a')
  const links: ListLink[] = []
  const owners = ownersOf(anchors)
  const dates = new Map<Element, string | null>()
  for (const anchor of anchors) {
    const target = targetOf(anchor)
    if (target === null || !URL.canParse(target, base)) continue
    const url = new URL(target, base)
    if (!WEB.test(url.protocol) || isPager(anchor)) continue
    url.hash = ''
    const item = itemOf(anchor, owners)
    const title = titleOf(anchor)
    if (!dates.has(item)) dates.set(item, findDateWords(item))
    const date = readDate(dates.get(item)!, url)
    const isItem = dates.get(item) !== null || ITEMS.some(({ matches }) => matches(item) || matches(anchor))
    const folded = fold(title)
    if (title !== '')
      links.push({
        url: url.href,
        title,
        date,
        isItem,
        isReply: REPLY_TITLE.test(folded) || (isItem && isReplyTitle(folded)),
      })
  }
  return { links, next: nextOf(html, anchors, elements, base, address) }
}

/** All elements under one, in document order. */
function elementsOf(root: Element): Element[] {
  const found: Element[] = []
  const open: Element[] = [root]
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    found.push(element)
    for (let i = element.childNodes.length - 1; i >= 0; i--) {
      const child = element.childNodes[i]!
      if (isElement(child)) open.push(child)
    }
  }
  return found
}

/** Where a link leads, from href or script, as written. */
function targetOf(anchor: Element): string | null {
  const href = attribute(anchor, 'href')?.trim() ?? ''
  if (href.length > LONGEST_ADDRESS) return null
  if (href !== '' && !/^(?:javascript:|#)/i.test(href)) return href
  return SCRIPTED.exec(attribute(anchor, 'onclick') ?? '')?.[1] ?? SCRIPTED.exec(href)?.[1] ?? null
}

/** Elements near links → the one target that all links in them have; null where there are several. */
function ownersOf(anchors: readonly Element[]): ReadonlyMap<Element, string | null> {
  const owners = new Map<Element, string | null>()
  for (const anchor of anchors) {
    const target = targetOf(anchor)
    if (target === null) continue
    let at = parentElement(anchor)
    for (let i = 0; i < ITEM_DEPTH && at !== null; i++, at = parentElement(at))
      owners.set(at, owners.has(at) && owners.get(at) !== target ? null : target)
  }
  return owners
}

/** The element of the list that a link fills: grown while no other link comes in. */
function itemOf(anchor: Element, owners: ReadonlyMap<Element, string | null>): Element {
  let item = anchor
  for (let i = 0; i < ITEM_DEPTH; i++) {
    const parent = parentElement(item)
    if (parent === null || parent.tagName === 'body' || owners.get(parent) === null) return item
    item = parent
    if (item.tagName === 'li' || item.tagName === 'tr' || item.tagName === 'dd') return item
  }
  return item
}

/** The pieces of text under a node. */
function wordsOf(root: Node): string[] {
  const words: string[] = []
  const open: Node[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isText(node)) {
      const text = node.value.replace(/\s+/g, ' ').trim()
      if (text !== '') words.push(text)
    } else if ('childNodes' in node)
      for (let i = node.childNodes.length - 1; i >= 0; i--) open.push(node.childNodes[i]!)
  }
  return words
}

/** A piece of an item that says its date and nothing else: `2020-12-29`, `[12-30]`, `发布日期：2021年4月1日`. */
const DATE_WORDS =
  /^(?:[^\d]{0,6}[:\s]\s?)?[[(]?((?:\d{2}|\d{4})[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.月]\d{1,2}日?)(?: \d{1,2}:\d{2}(?::\d{2})?)?[\])]?$/
/** The day in an article's address: `/202112/t20211229_5068.html`. */
const ADDRESS_DATE = /\/t(\d{4})(\d{2})(\d{2})_\d/

/** The date that an item shows: `2020-12-29`, `12-30`; null when it shows none. */
function findDateWords(item: Element): string | null {
  for (const word of wordsOf(item)) {
    const date = word.length > 40 ? undefined : DATE_WORDS.exec(fold(word))?.[1]
    if (date !== undefined) return date
  }
  return null
}

/** The day of a link: as its item shows it, the year from the address where it shows none. */
function readDate(words: string | null, url: URL): string | null {
  const inAddress = ADDRESS_DATE.exec(url.pathname)?.slice(1)
  if (words !== null) {
    const parts = words.split(/[-/.年月日]/).filter((part) => part !== '')
    const year = parts.length === 3 ? parts[0]!.padStart(4, '20') : inAddress?.[0]
    const found = year === undefined ? null : findPageDate([year, ...parts.slice(-2)].join('-'))?.iso
    if (found) return found
  }
  return inAddress === undefined ? null : (findPageDate(inAddress.join('-'))?.iso ?? null)
}

/** The title that a link bears; without the date that its text may end with. */
function titleOf(anchor: Element): string {
  const words = wordsOf(anchor).filter((word) => !DATE_WORDS.test(fold(word)))
  const text = words.join('').replace(/^[•·●▪■◆>-]\s*/, '')
  const whole = attribute(anchor, 'title')?.replace(/\s+/g, ' ').trim() ?? ''
  const isCut = /(?:\.{2,}|…)$/.test(text)
  return isCut || text === '' ? whole || text : whole.length > text.length && whole.startsWith(text) ? whole : text
}

const NEXT = /^(?:\[|<)?(?:下一?页|后一?页|下一頁|next(?: page)?|[>›»]{1,2})(?:\]|>)?$/i
const PAGER =
  /^(?:\[|<)?(?:首页|第一页|上一?页|前一?页|下一?页|后一?页|尾页|末页|最后一页|\d{1,4}|[<>‹›«»]{1,2}|next|prev(?:ious)?)(?:\]|>)?$/i
/** The usual pager of TRS: `createPageHTML(6, 0, "index", "html")`, pages counted from 0. */
const PAGE_SCRIPT =
  /createPageHTML\(\s*['"]?(\d{1,5})['"]?\s*,\s*['"]?(\d{1,5})['"]?\s*,\s*['"]([\w-]{1,100})['"]\s*,\s*['"](s?html?)['"]/i

const isPager = (anchor: Element) => {
  const text = wordsOf(anchor).join('')
  return text.length < 12 && PAGER.test(fold(text))
}

function nextOf(
  html: string,
  anchors: readonly Element[],
  elements: readonly Element[],
  base: string,
  address: string,
): string | null {
  const resolve = (target: string | null) => {
    if (target === null || !URL.canParse(target, base)) return null
    const url = new URL(target, base)
    url.hash = ''
    return WEB.test(url.protocol) && url.href !== new URL(address).href ? url.href : null
  }
  const script = PAGE_SCRIPT.exec(html)
  if (script) {
    const [total, current] = [Number(script[1]), Number(script[2])]
    return current + 1 < total ? resolve(`${script[3]}_${current + 1}.${script[4]}`) : null
  }
  const named = elements.find(
    (element) =>
      (element.tagName === 'a' || element.tagName === 'link') &&
      /(?:^|\s)next(?:$|\s)/i.test(attribute(element, 'rel') ?? ''),
  )
  const words = anchors.find((anchor) => NEXT.test(fold(wordsOf(anchor).join(''))))
  for (const anchor of [named, words]) {
    if (anchor === undefined) continue
    const next = resolve(targetOf(anchor))
    if (next !== null) return next
  }
  if (words !== undefined) return null
  const current = pageNumberOf(address)
  const numbered = anchors.find((anchor) => wordsOf(anchor).join('') === String(current + 1))
  return numbered === undefined ? null : resolve(targetOf(numbered))
}

/** Which page of its list an address is: `6346_2.html` → 2, `index_1.html` → 2, `?page=3` → 3; 1 without a number. */
function pageNumberOf(address: string): number {
  const url = new URL(address)
  const inQuery = /(?:^|[?&])(?:page|pageNum|pageNo|p|currentPage|pageIndex)=(\d{1,5})(?:&|$)/i.exec(url.search)?.[1]
  if (inQuery !== undefined) return Number(inQuery)
  const inPath = /(index)?_(\d{1,5})\.s?html?$/i.exec(url.pathname)
  return inPath ? Number(inPath[2]) + (inPath[1] ? 1 : 0) : 1
}
