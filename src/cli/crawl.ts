import { InputError } from '../diagnostics.ts'
import { decoded } from '../fetch/address.ts'
import { type CrawlOptions, followColumn } from '../fetch/crawl.ts'
import type { Fetcher } from '../fetch/fetcher.ts'
import { sourceOf } from '../fetch/page.ts'
import type { Store } from '../fetch/store.ts'
import { toNdjson } from '../formats/json.ts'
import type { Outcome } from '../input/open.ts'
import { ADDRESS, expandOperands, withoutUserinfo } from '../input/operands.ts'
import { createFetcherOf, isStopped, openStore, stopWhenInterrupted } from './fetching.ts'
import { EXIT, type Io, UsageError } from './io.ts'
import { batchOptions, checkOutputs, convertAll, exitCode, type ParseOptions } from './parse.ts'
import { createTalk, type Talk } from './talk.ts'

export interface CrawlFlags extends ParseOptions {
  readonly since?: string
  readonly until?: string
  readonly max?: number
  readonly pages?: number
  readonly listOnly?: boolean
  readonly all?: boolean
}

/** `dafu crawl`: follows columns from their list pages to every reply. Gives the exit code. */
export async function crawl(addresses: readonly string[], flags: CrawlFlags, io: Io): Promise<number> {
  if (addresses.length === 0) throw new UsageError('no list page; give the address of a column')
  for (const address of addresses)
    if (!ADDRESS.test(address) || !URL.canParse(address))
      throw new UsageError(`${withoutUserinfo(address)} is no http or https address`)
  if (flags.listOnly && flags.output !== undefined)
    throw new UsageError('--list-only prints to standard output, without -o')
  const talk = createTalk(io, flags)
  const isInterrupted = io.watchInterrupts()
  const options: CrawlOptions = {
    isInterrupted,
    since: flags.since ?? null,
    until: flags.until ?? null,
    pages: flags.pages ?? null,
    all: flags.all ?? false,
  }
  const fetcher = createFetcherOf(flags, io, talk.messages)
  const stopWatching = stopWhenInterrupted(fetcher, isInterrupted)
  const stores = createStores(flags)
  try {
    if (flags.listOnly) return await printLinks(addresses, options, flags.max ?? null, fetcher, stores, talk, io)
    const operands = () => expandOperands(addresses, () => true)
    checkOutputs(flags, operands)
    const pages = createReader(options, flags.max ?? null, fetcher, stores)
    const summary = await convertAll(
      {
        operands: operands(),
        batch: batchOptions(flags, true, null),
        isMany: true,
        total: null,
        isInterrupted,
        read: (operand) => pages.read((operand as { address: string }).address),
      },
      // A crawl always keeps what it fetches.
      { ...flags, warc: flags.warc ?? 'by host and column' },
      talk,
      io,
    )
    if (summary === null) return EXIT.ok
    if (summary.end === 'complete') stores.finish(io.now().toISOString(), pages.mayBeMended())
    return exitCode(summary, flags.strict ?? false)
  } catch (error) {
    if (isStopped(error)) return EXIT.interrupted
    throw error
  } finally {
    stopWatching()
    await fetcher.close()
    stores.close()
  }
}

interface Stores {
  readonly of: (address: string) => Store
  /** The run has come to its end. */
  readonly finish: (date: string, mayBeMended: boolean) => void
  readonly close: () => void
}

/** One store for all columns when the user names it, else one for each column. */
function createStores(flags: CrawlFlags): Stores {
  const open = new Map<string, Store>()
  return {
    of(address) {
      const prefix = flags.warc ?? prefixOf(new URL(address))
      const store = open.get(prefix) ?? openStore(prefix, flags)
      open.set(prefix, store)
      return store
    },
    finish(date, mayBeMended) {
      for (const store of open.values()) store.finish(date, mayBeMended)
    },
    close() {
      for (const store of open.values()) store.close()
    },
  }
}

/** `https://a.gov.cn/zwgk/bljggk/index_2.html` → `a.gov.cn-bljggk`, `http://b.gov.cn/channels/11960.html` → `b.gov.cn-11960`. */
function prefixOf(url: URL): string {
  const steps = decoded(url.pathname)
    .split('/')
    .filter((step) => step !== '')
    .map((step) => step.replace(/(?:_\d+)?\.[a-z]{2,5}$/i, ''))
    .filter((step) => !/^(?:index|default|list)?$/i.test(step))
  const column = (steps.at(-1) ?? 'index').replace(/[^\p{L}\p{N}_-]/gu, '_').slice(0, 60)
  return `${url.hostname.replace(/[^\w.-]/g, '_')}-${column}`
}

interface Reader {
  /** The pages of a column, from its list page on. */
  readonly read: (address: string) => AsyncGenerator<Outcome>
  /** Whether something failed that another run may get. */
  readonly mayBeMended: () => boolean
}

/** `max`: replies of all columns; null for all. */
function createReader(options: CrawlOptions, max: number | null, fetcher: Fetcher, stores: Stores): Reader {
  const seen = new Set<string>()
  let count = 0
  /** Addresses of the pages that were given, behind redirects. */
  const given = new Set<string>()
  let mayBeMended = false
  const isFull = () => max !== null && count >= max
  /** Skips a page that another link has redirected to. */
  async function fetchReply(uri: string, via: string, store: Store): Promise<Outcome> {
    try {
      const page = await fetcher.get(uri, { isTyped: false, via }, store)
      if (given.has(page.url)) return { kind: 'skipped', uri }
      if (page.status === 200) given.add(page.url)
      return { kind: 'source', source: sourceOf(uri, page) }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return { kind: 'failed', uri, error }
    }
  }
  return {
    mayBeMended: () => mayBeMended,
    async *read(address) {
      if (isFull() || options.isInterrupted()) return
      const store = stores.of(address)
      try {
        for await (const found of followColumn(address, options, fetcher, store, seen)) {
          const outcome = found.kind === 'link' ? await fetchReply(found.link.url, found.list, store) : found
          if (outcome.kind === 'failed') mayBeMended ||= outcome.error.transient
          if (outcome.kind === 'source') count++
          yield outcome.kind === 'failed' ? { ...outcome, uri: withoutUserinfo(outcome.uri) } : outcome
          if (isFull()) return
        }
      } catch (error) {
        if (!isStopped(error)) throw error
      }
    },
  }
}

/** One line of NDJSON for each link that a crawl would follow. */
async function printLinks(
  addresses: readonly string[],
  options: CrawlOptions,
  max: number | null,
  fetcher: Fetcher,
  stores: Stores,
  { messages }: Talk,
  io: Io,
): Promise<number> {
  const seen = new Set<string>()
  let count = 0
  let failed = 0
  let mayBeMended = false
  for (const address of addresses) {
    if (count === max) break
    for await (const found of followColumn(address, options, fetcher, stores.of(address), seen)) {
      if (found.kind === 'failed') {
        failed++
        mayBeMended ||= found.error.transient
        messages.error(withoutUserinfo(found.uri), found.error.code, found.error.message, found.error.hint)
        continue
      }
      count++
      const { url, title, date } = found.link
      await io.stdout(toNdjson({ url, title, date, list: found.list }))
      if (count === max || options.isInterrupted()) break
    }
  }
  if (options.isInterrupted()) return EXIT.interrupted
  stores.finish(io.now().toISOString(), mayBeMended)
  if (failed === 0) return EXIT.ok
  return count === 0 ? EXIT.none : EXIT.some
}
