import { InputError } from '../diagnostics.ts'
import { decode } from '../input/decode.ts'
import { type List, type ListLink, readList } from '../page/list.ts'
import { canonicalAddress } from './address.ts'
import type { Fetcher } from './fetcher.ts'
import { type Page, sourceOf } from './page.ts'
import type { Store } from './store.ts'

export interface CrawlOptions {
  /** Days, `YYYY-MM-DD`, both inclusive; null for no bound. Links without a date are taken. */
  readonly since: string | null
  readonly until: string | null
  /** List pages of a column; null for all. */
  readonly pages: number | null
  /** Asked between two list pages. */
  readonly isInterrupted: () => boolean
  /** Whether every item of the list is taken, not only those with the title of a reply. */
  readonly all: boolean
}

/** List pages in a row that link to nothing new, and that link to no new reply, behind which a column is left. */
const MOST_STALE = 5
const MOST_BARREN = 50

/** What a column gives: a link to a reply, with the list page that has it, or a list page that can't be read. */
export type Found =
  | { readonly kind: 'link'; readonly link: ListLink; readonly list: string }
  | { readonly kind: 'failed'; readonly uri: string; readonly error: InputError }

/**
 * Follows a column from its first list page to its last; gives each link once. `seen`: canonical addresses of links that
 * were given before, of other columns too.
 */
export async function* followColumn(
  address: string,
  options: CrawlOptions,
  fetcher: Fetcher,
  store: Store | null,
  seen: Set<string>,
): AsyncGenerator<Found> {
  const lists = new Set<string>()
  /** Links of this column, those that another column gave among them. */
  const mine = new Set<string>()
  /** All that the list pages link to. */
  const shown = new Set<string>()
  let stale = 0
  let barren = 0
  let target: string | null = address
  let via: string | null = null
  for (let count = 0; target !== null && (options.pages === null || count < options.pages); count++) {
    let page: Page
    let list: List
    try {
      page = await fetcher.get(target, { isTyped: via === null, via }, store)
      const { bytes, charset } = sourceOf(target, page)
      list = readList(decode(bytes, { encoding: null, charset }).text, page.url)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return yield { kind: 'failed', uri: target, error }
    }
    lists.add(canonicalAddress(new URL(target))).add(canonicalAddress(new URL(page.url)))
    const wanted = list.links.filter((link) => link.isReply || (options.all && link.isItem))
    const before = { shown: shown.size, mine: mine.size }
    for (const { url } of list.links) shown.add(url)
    for (const link of wanted) {
      const url = canonicalAddress(new URL(link.url))
      if (mine.has(url) || lists.has(url)) continue
      mine.add(url)
      if (seen.has(url)) continue
      seen.add(url)
      if (isWithin(link.date, options)) yield { kind: 'link', link: { ...link, url }, list: page.url }
    }
    const next: string | null = list.next && canonicalAddress(new URL(list.next))
    // A pager that goes on for ever brings nothing new.
    stale = shown.size > before.shown ? 0 : stale + 1
    barren = mine.size > before.mine ? 0 : barren + 1
    if (next === null || lists.has(next) || stale >= MOST_STALE || barren >= MOST_BARREN) break
    if (isPast(wanted, options.since)) break
    if (options.isInterrupted()) return
    via = page.url
    target = next
  }
  if (mine.size === 0)
    yield { kind: 'failed', uri: address, error: new InputError('crawl.no_links', 'The list has no links to replies.') }
}

const isWithin = (date: string | null, { since, until }: CrawlOptions) =>
  date === null || ((since === null || date >= since) && (until === null || date <= until))

/** Whether a list that runs from new to old has come to what is too old. */
function isPast(links: readonly ListLink[], since: string | null): boolean {
  const dates = links.flatMap(({ date }) => date ?? [])
  const falls = dates.length > 1 && dates[0]! > dates.at(-1)!
  return since !== null && falls && dates.every((date) => date < since)
}
