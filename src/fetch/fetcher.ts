import { setTimeout as sleep } from 'node:timers/promises'
import { InputError, type InputErrorCode } from '../diagnostics.ts'
import { readHttpHead } from '../input/archives/http.ts'
import { canonicalAddress, parseAddress } from './address.ts'
import { type ClientOptions, createClient, type Exchange } from './client.ts'
import { Gates } from './gate.ts'
import { type Page, readPage } from './page.ts'
import { backoff, isTransient, LONGEST_RETRY_AFTER_MS, readRetryAfter } from './retry.ts'
import { type Robots, readRobots } from './robots.ts'
import type { Store, Visit } from './store.ts'

/** What is done with a page that an earlier run has fetched. */
export type Refresh = 'never' | 'if-modified' | 'always'

export interface FetchOptions extends ClientOptions {
  /** Milliseconds between two requests to a host. */
  readonly delay: number
  /** Further tries when one fails for a reason that may pass. */
  readonly retries: number
  readonly refresh: Refresh
  /** Told when robots.txt forbids an address that the user typed. */
  readonly onWarning: (address: string, code: InputErrorCode, message: string) => void
}

export interface Wish {
  /** The user named the address: robots.txt is a warning, and its host may be private. */
  readonly isTyped: boolean
  /** The page that links to it. */
  readonly via: string | null
}

export interface Fetcher {
  /** The page at an address, behind its redirects, whatever its status. Throws an InputError. */
  readonly get: (address: string, wish: Wish, store: Store | null) => Promise<Page>
  readonly close: () => Promise<void>
}

const MOST_REDIRECTS = 5
/** What robots.txt said holds for a day (RFC 9309 2.4). */
const ROBOTS_HOLD_MS = 24 * 3600 * 1000

/** Fetches pages, politely: one request at a time to a host, pauses, robots.txt, few and patient retries. */
export function createFetcher(options: FetchOptions): Fetcher {
  const client = createClient(options)
  const gates = new Gates()
  const robots = new Map<string, Promise<Robots>>()

  async function get(address: string, wish: Wish, store: Store | null): Promise<Page> {
    let url = parseAddress(address)
    if (wish.isTyped) client.trust(url)
    const seen = new Set<string>()
    for (let hop: Wish = wish; ; hop = { isTyped: false, via: canonicalAddress(url) }) {
      seen.add(canonicalAddress(url))
      const page = await getOne(url, hop, wish, store)
      const location = page.status >= 300 && page.status < 400 ? page.headers.get('location') : undefined
      if (location === undefined) return page
      const next = parseAddress(location, page.url)
      if (seen.has(canonicalAddress(next)))
        throw new InputError('fetch.redirects', `The address redirects in a circle: ${[...seen].join(' → ')}.`)
      if (seen.size > MOST_REDIRECTS)
        throw new InputError('fetch.redirects', `The address redirects more than ${MOST_REDIRECTS} times.`)
      url = next
    }
  }

  async function getOne(url: URL, hop: Wish, wish: Wish, store: Store | null): Promise<Page> {
    const address = canonicalAddress(url)
    const visit = store?.find(address) ?? null
    const isKept = visit !== null && !isTransient(visit.status)
    if (isKept && (store!.isFresh(address) || options.refresh === 'never')) {
      const kept = await store!.read(visit)
      if (kept !== null) return readPage(kept)
    }
    const { crawlDelay } = await obeyRobots(url, address, wish, store)
    const earlier = isKept && options.refresh === 'if-modified' ? visit : null
    const pause = Math.max(options.delay, crawlDelay)
    return gates.enter(url.host, () => askAndKeep(url, pause, hop.via, earlier, store))
  }

  /** Throws when robots.txt forbids a page that the user did not name. */
  async function obeyRobots(url: URL, address: string, wish: Wish, store: Store | null): Promise<Robots> {
    let rules = robots.get(url.origin)
    if (rules === undefined) {
      rules = askRobots(url, wish, store)
      robots.set(url.origin, rules)
    }
    const { verdict } = await rules
    const said = verdict(address)
    if (said === 'allowed') return rules
    const [code, message] =
      said === 'disallowed'
        ? (['fetch.robots', "The host's robots.txt forbids the page."] as const)
        : (['fetch.robots_unreachable', "The host's robots.txt can't be read, so that nothing is allowed."] as const)
    if (!wish.isTyped) throw new InputError(code, message)
    options.onWarning(address, code, message)
    return rules
  }

  async function askRobots(url: URL, { isTyped }: Wish, store: Store | null): Promise<Robots> {
    const address = `${url.origin}/robots.txt`
    const readAt = (page: Page | null) => readRobots(address, page)
    try {
      let target = new URL(address)
      for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
        const visit = store?.find(canonicalAddress(target)) ?? null
        const holds = visit !== null && options.now().getTime() - Date.parse(visit.date) < ROBOTS_HOLD_MS
        const kept = holds && !isTransient(visit.status) ? await store!.read(visit) : null
        const page = kept
          ? readPage(kept)
          : await gates.enter(url.host, () => askAndKeep(target, options.delay, null, null, store))
        const location = page.status >= 300 && page.status < 400 ? page.headers.get('location') : undefined
        if (location === undefined) return readAt(page)
        target = parseAddress(location, page.url)
      }
      return readAt(null)
    } catch (error) {
      if (!(error instanceof InputError) || !['fetch.network', 'fetch.timeout'].includes(error.code)) throw error
      // A host that can't be reached says so once more when a page that the user named is asked for.
      return isTyped ? { ...readAt(null), verdict: () => 'allowed' } : readAt(null)
    }
  }

  async function askAndKeep(
    url: URL,
    pause: number,
    via: string | null,
    earlier: Visit | null,
    store: Store | null,
  ): Promise<Page> {
    const exchange = await askAgain(url, pause, earlier)
    if (store === null) return readPage(exchange)
    const visit = store.write(exchange, via, earlier)
    const isSame = earlier !== null && visit.offset === earlier.offset && visit.file === earlier.file
    if (!isSame) return readPage(exchange)
    const kept = await store.read(visit)
    return kept === null ? readPage(await askAgain(url, pause, null)) : readPage(kept)
  }

  /** Asks until an answer comes that no further try could mend, or the tries are used up. */
  async function askAgain(url: URL, pause: number, earlier: Visit | null): Promise<Exchange> {
    const conditions: [string, string][] = []
    if (earlier?.etag) conditions.push(['If-None-Match', earlier.etag])
    if (earlier?.last_modified) conditions.push(['If-Modified-Since', earlier.last_modified])
    for (let tries = 0; ; tries++) {
      await gates.pause(url.host, pause)
      const isLast = tries >= options.retries
      let wait = backoff(tries)
      try {
        const exchange = await client.ask(url, conditions)
        const { status, headers } = readHttpHead(exchange.response)!
        if (!isTransient(status) || isLast) return exchange
        const asked = readRetryAfter(headers.get('retry-after'), options.now())
        if (asked !== null && asked > LONGEST_RETRY_AFTER_MS) return exchange
        wait = asked ?? wait
      } catch (error) {
        if (!(error instanceof InputError) || error.code !== 'fetch.network' || isLast) throw error
      } finally {
        gates.answered(url.host)
      }
      await sleep(wait)
    }
  }

  return { get, close: client.close }
}
