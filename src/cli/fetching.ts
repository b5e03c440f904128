import { readFileSync } from 'node:fs'
import { InputError } from '../diagnostics.ts'
import { createFetcher, type Fetcher, type Refresh } from '../fetch/fetcher.ts'
import { sourceOf } from '../fetch/page.ts'
import { Store } from '../fetch/store.ts'
import type { Outcome } from '../input/open.ts'
import type { Operand } from '../input/operands.ts'
import { type Io, UsageError } from './io.ts'
import type { Messages } from './messages.ts'

/** The options of everything that fetches. */
export interface FetchFlags {
  readonly warc?: string
  /** Bytes behind which the next WARC file begins. */
  readonly warcSize?: number
  readonly refresh?: Refresh
  /** Seconds. */
  readonly delay?: number
  readonly timeout?: number
  readonly retries?: number
  readonly from?: string
  readonly ca?: string
  readonly allowPrivate?: boolean
}

type Address = Extract<Operand, { kind: 'url' }>

/** Fetches the addresses among the operands. */
export interface Pages {
  readonly fetch: (operand: Address) => Promise<Outcome>
  /** The same operands; the addresses among them are asked for a little ahead, so that slow hosts don't wait in line. */
  readonly ahead: (operands: Iterable<Operand>) => Generator<Operand>
  /** The run has come to its end. */
  readonly finish: () => void
  readonly close: () => Promise<void>
}

const DEFAULT_WARC_SIZE = 1_000_000_000
/** Addresses that are asked for ahead of their turn. */
const AHEAD = 8

/** The fetcher that options ask for. Throws a UsageError when the file of --ca can't be read. */
export function createFetcherOf(flags: FetchFlags, io: Io, messages: Messages): Fetcher {
  const { env } = io
  return createFetcher({
    delay: (flags.delay ?? 1) * 1000,
    timeout: (flags.timeout ?? 60) * 1000,
    retries: flags.retries ?? 3,
    refresh: flags.refresh ?? 'if-modified',
    from: flags.from ?? null,
    ca: flags.ca === undefined ? null : readCa(flags.ca),
    allowPrivate: flags.allowPrivate ?? false,
    hasProxy: [env.http_proxy, env.HTTP_PROXY, env.https_proxy, env.HTTPS_PROXY].some(Boolean),
    now: io.now,
    onWarning: messages.warning,
  })
}

/** Throws a UsageError for a prefix that is a folder. */
export function openStore(prefix: string, { warcSize }: FetchFlags): Store {
  if (/[/\\]$/.test(prefix)) throw new UsageError(`--warc ${prefix} is a folder; give the beginning of a file name`)
  return new Store(prefix, warcSize ?? DEFAULT_WARC_SIZE)
}

/** Whether waiting was ended because the user asked to stop. */
export const isStopped = (error: unknown) => (error as Error).name === 'AbortError'

/** Ends the fetcher's waiting soon after the user asks to stop. Gives the end of the watch. */
export function stopWhenInterrupted(fetcher: Fetcher, isInterrupted: () => boolean): () => void {
  const timer = setInterval(() => {
    if (isInterrupted()) fetcher.stop()
  }, 100)
  return () => clearInterval(timer)
}

/** `isInterrupted`: whether the user asked to stop. */
export async function createPages(
  flags: FetchFlags,
  io: Io,
  messages: Messages,
  isInterrupted: () => boolean,
): Promise<Pages> {
  const store = flags.warc === undefined ? null : openStore(flags.warc, flags)
  const fetcher = createFetcherOf(flags, io, messages)
  const stopWatching = stopWhenInterrupted(fetcher, isInterrupted)
  const started = new Map<Operand, Promise<Outcome>>()
  let mayBeMended = false
  const start = async ({ uri, address }: Address): Promise<Outcome> => {
    try {
      const page = await fetcher.get(address, { isTyped: true, via: null }, store)
      return { kind: 'source', source: sourceOf(uri, page) }
    } catch (error) {
      if (isStopped(error)) return { kind: 'skipped', uri }
      if (!(error instanceof InputError)) throw error
      mayBeMended ||= error.transient
      return { kind: 'failed', uri, error }
    }
  }
  return {
    fetch: (operand) => {
      const outcome = started.get(operand) ?? start(operand)
      started.delete(operand)
      return outcome
    },
    *ahead(operands) {
      const queue: Operand[] = []
      for (const operand of operands) {
        if (operand.kind === 'url') {
          const outcome = start(operand)
          // Where it fails for a bug, the one who takes it is told.
          outcome.catch(() => {})
          started.set(operand, outcome)
        }
        queue.push(operand)
        if (queue.length >= AHEAD) yield queue.shift()!
      }
      yield* queue
    },
    finish: () => store?.finish(io.now().toISOString(), mayBeMended),
    async close() {
      stopWatching()
      await fetcher.close()
      store?.close()
    },
  }
}

function readCa(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new UsageError(`the certificates ${path} can't be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
