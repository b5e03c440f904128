import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { errors, request } from 'undici'
import { InputError } from '../diagnostics.ts'
import { withoutUserinfo } from '../input/operands.ts'
import { NO_ARCHIVE, type Source } from '../input/source.ts'
import { VERSION } from '../version.ts'

const TIMEOUT_MS = 30_000
const MOST_BYTES = 20 * 1024 * 1024
const MOST_REDIRECTS = 5

/**
 * Fetches a page: 30 seconds, 20 MB and 5 redirects at most. `now` names the time of the fetch. Throws an InputError.
 */
export async function fetchPage(address: string, now: () => Date): Promise<Source> {
  let url = parseAddress(address)
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    for (let redirects = 0; ; redirects++) {
      const response = await request(url, {
        signal,
        headers: {
          'user-agent': `dafu/${VERSION}`,
          accept: 'text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1',
          'accept-encoding': 'gzip, deflate, br',
        },
      })
      const location = header(response.headers, 'location')
      if (response.statusCode >= 300 && response.statusCode < 400 && location !== null) {
        await response.body.dump()
        if (redirects >= MOST_REDIRECTS)
          throw new InputError('fetch.redirects', `The address redirects more than ${MOST_REDIRECTS} times.`)
        url = parseAddress(location, url)
        continue
      }
      if (response.statusCode !== 200) {
        await response.body.dump()
        throw statusError(response.statusCode)
      }
      const retrieved = now()
      const bytes = await readBody(response.body, header(response.headers, 'content-encoding'))
      return {
        uri: withoutUserinfo(address),
        bytes,
        url: withoutUserinfo(url.href),
        urlFrom: 'fetch',
        retrievedAt: `${retrieved.toISOString().slice(0, 19)}Z`,
        charset:
          /\bcharset\s*=\s*["']?([\w.:-]{1,40})/i.exec(header(response.headers, 'content-type') ?? '')?.[1] ?? null,
        archive: NO_ARCHIVE,
        diagnostics: [],
      }
    }
  } catch (error) {
    throw error instanceof InputError ? error : networkError(error)
  }
}

function parseAddress(address: string, base?: URL): URL {
  if (URL.canParse(address, base?.href)) {
    const url = new URL(address, base)
    if (url.protocol === 'http:' || url.protocol === 'https:') return url
  }
  throw new InputError('fetch.bad_url', 'The address is no http or https address.')
}

function header(headers: Record<string, string | string[] | undefined>, name: string): string | null {
  const value = headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}

function statusError(status: number): InputError {
  const isTransient = status >= 500 || status === 408 || status === 425 || status === 429
  return new InputError(
    isTransient ? 'fetch.server_error' : 'fetch.http_status',
    `The server answered with status ${status}.`,
  )
}

/** The body, decompressed; stops at the size limit. */
async function readBody(body: Readable, encoding: string | null): Promise<Buffer> {
  const plain = decompress(body, encoding?.trim().toLowerCase() ?? 'identity')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of plain) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > MOST_BYTES) {
      body.destroy()
      throw new InputError('input.too_big', `The page has more than ${MOST_BYTES} bytes.`)
    }
  }
  return Buffer.concat(chunks)
}

function decompress(body: Readable, encoding: string): Readable {
  const inflater =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : encoding === 'deflate'
          ? createInflate()
          : null
  if (inflater === null) return body
  body.on('error', (error) => inflater.destroy(error))
  return body.pipe(inflater)
}

function networkError(error: unknown): InputError {
  const { name, code, message } = error as NodeJS.ErrnoException
  if (
    name === 'TimeoutError' ||
    name === 'AbortError' ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  )
    return new InputError('fetch.timeout', `The page did not come within ${TIMEOUT_MS / 1000} seconds.`, {
      cause: error,
    })
  return new InputError('fetch.network', `The page could not be fetched (${code ?? message}).`, { cause: error })
}
