import { isUtf8 } from 'node:buffer'
import { setTimeout as sleep } from 'node:timers/promises'
import { InputError, type InputErrorCode } from '../diagnostics.ts'
import { readHttpHead } from '../input/archives/http.ts'
import { canonicalAddress, parseAddress } from './address.ts'
import { type ClientOptions, createClient, type Exchange } from './client.ts'
import { Gates } from './gate.ts'
import { isWall, type Page, readPage } from './page.ts'
import { backoff, isTransient, LONGEST_RETRY_AFTER_MS, readRetryAfter } from './retry.ts'
import { type Robots, readRobots, UNREACHABLE } from './robots.ts'
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
  /** Ends all waiting: what waits throws an AbortError, what is on its way comes. */
  readonly stop: () => void
  readonly close: () => Promise<void>
}

const MOST_REDIRECTS = 5
/** A host that answers so often in a row with a challenge or 429 is left in peace. */
const MOST_WALLS = 3
/** What a run that did not come to its end has asked need not be asked again, for a week. */
const RUN_HOLDS_MS = 7 * 24 * 3600 * 1000
/** What robots.txt said holds for a day (RFC 9309 2.4). */
const ROBOTS_HOLD_MS = 24 * 3600 * 1000

/** Fetches pages, politely: one request at a time to a host, pauses, robots.txt, few and patient retries. */
export function createFetcher(options: FetchOptions): Fetcher {
  const client = createClient(options)
  const gates = new Gates()
  const robots = new Map<string, Promise<Robots>>()
  /** Walls in a row, by host. */
  const walls = new Map<string, number>()
  const closing = new AbortController()
  const ageOf = ({ date }: Visit) => options.now().getTime() - Date.parse(date)

  async function get(address: string, wish: Wish, store: Store | null): Promise<Page> {
    let url = parseAddress(address)
    if (wish.isTyped) client.trust(url)
    const { username, password } = url
    url = Object.assign(new URL(canonicalAddress(url)), { username, password })
    const seen = new Set<string>()
    for (let via = wish.via; ; via = canonicalAddress(url)) {
      seen.add(canonicalAddress(url))
      const page = await getOne(url, via, wish, store)
      const location = locationOf(page)
      if (location === null) return page
      const next = new URL(canonicalAddress(parseAddress(location, page.url)))
      if (seen.has(next.href))
        throw new InputError('fetch.redirects', `The address redirects in a circle: ${[...seen].join(' → ')}.`)
      if (seen.size > MOST_REDIRECTS)
        throw new InputError('fetch.redirects', `The address redirects more than ${MOST_REDIRECTS} times.`)
      url = next
    }
  }

  async function getOne(url: URL, via: string | null, wish: Wish, store: Store | null): Promise<Page> {
    const address = canonicalAddress(url)
    const visit = store?.find(address) ?? null
    const isKept = visit !== null && !isTransient(visit.status) && visit.status !== 304
    if (isKept && (options.refresh === 'never' || (store!.isFresh(address) && ageOf(visit) < RUN_HOLDS_MS))) {
      const page = await readKept(store!, visit)
      if (page !== null && !isWall(page)) return page
    }
    const { crawlDelay } = await obeyRobots(url, address, wish, store)
    const pause = Math.max(options.delay, crawlDelay)
    return gates.enter(url.hostname, async () => {
      const before = walls.get(url.hostname) ?? 0
      if (before >= MOST_WALLS)
        throw new InputError('fetch.host_paused', `The host has answered ${before} times in a row with a wall.`)
      const page = await askAndKeep(url, pause, via, isKept ? visit : null, store)
      walls.set(url.hostname, isWall(page) ? before + 1 : 0)
      return page
    })
  }

  /** Throws when robots.txt forbids a page that the user did not name. */
  async function obeyRobots(url: URL, address: string, wish: Wish, store: Store | null): Promise<Robots> {
    let rules = robots.get(url.origin)
    if (rules === undefined) {
      rules = askRobots(url, store)
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
    options.onWarning(address, code, `${message} It is fetched all the same: you named it.`)
    return rules
  }

  async function askRobots(url: URL, store: Store | null): Promise<Robots> {
    const address = `${url.origin}/robots.txt`
    const readAt = (page: Page | null) => readRobots(address, page)
    let target = new URL(address)
    try {
      for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
        const visit = store?.find(canonicalAddress(target)) ?? null
        const age = visit === null ? 0 : ageOf(visit)
        const kept = visit !== null && age >= 0 && age < ROBOTS_HOLD_MS ? await readKept(store!, visit) : null
        if (kept !== null && locationOf(kept) === null && readAt(kept) !== UNREACHABLE) return readAt(kept)
        const page =
          kept !== null && locationOf(kept) !== null
            ? kept
            : await gates.enter(target.hostname, () => askAndKeep(target, options.delay, null, visit, store))
        const location = locationOf(page)
        if (location === null) return readAt(page)
        target = new URL(canonicalAddress(parseAddress(location, page.url)))
      }
      return readAt(null)
    } catch (error) {
      // Where the host itself must not be asked, or does not hold, that is the reason to give for the page too.
      const isOfHost =
        error instanceof InputError && (error.code === 'fetch.private_address' || error.code === 'fetch.tls')
      if (!(error instanceof InputError) || (isOfHost && target.host === url.host)) throw error
      return readAt(null)
    }
  }

  /** `earlier`: a visit whose body may still be the page's. */
  async function askAndKeep(
    url: URL,
    pause: number,
    via: string | null,
    earlier: Visit | null,
    store: Store | null,
  ): Promise<Page> {
    // Where the WARC is gone, nothing can be left unchanged.
    const known = earlier?.status === 200 && (await store!.read(earlier)) !== null ? earlier : null
    const exchange = await askAgain(url, pause, options.refresh === 'if-modified' ? known : null)
    const visit = store?.write(exchange, via, known)
    const isUnchanged = readHttpHead(exchange.response)!.status === 304
    return readPage(isUnchanged && visit ? ((await store!.read(visit)) ?? exchange) : exchange)
  }

  /** Asks until an answer comes that no further try could mend, or the tries are used up. */
  async function askAgain(url: URL, pause: number, earlier: Visit | null): Promise<Exchange> {
    const conditions: [string, string][] = []
    if (earlier?.etag) conditions.push(['If-None-Match', earlier.etag])
    if (earlier?.last_modified) conditions.push(['If-Modified-Since', earlier.last_modified])
    for (let tries = 0; ; tries++) {
      await gates.pause(url.hostname, pause, closing.signal)
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
        if (!mayPass(error) || isLast) throw error
      } finally {
        gates.answered(url.hostname)
      }
      await sleep(wait, undefined, { signal: closing.signal })
    }
  }

  return {
    get,
    stop: () => closing.abort(),
    close: () => {
      closing.abort()
      return client.close()
    },
  }
}

/** Where a redirect leads, as the server wrote it, in UTF-8 where it is that; null for any other answer. */
function locationOf({ status, headers }: Page): string | null {
  const value = status >= 300 && status < 400 ? headers.get('location') : undefined
  if (value === undefined) return null
  const bytes = Buffer.from(value, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : value
}

/** A page as it was kept; null where it is gone, or can't be read. */
async function readKept(store: Store, visit: Visit): Promise<Page | null> {
  const kept = await store.read(visit)
  try {
    return kept && readPage(kept)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/** Whether a broken connection is worth another try: not where there is no host, or nobody listens. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof InputError) || error.code !== 'fetch.network') return false
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException
  return code !== 'ENOTFOUND' && code !== 'ECONNREFUSED'
}
