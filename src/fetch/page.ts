import { InputError } from '../diagnostics.ts'
import { charsetOf, readHttpResponse } from '../input/archives/http.ts'
import { bodyCutShort } from '../input/archives/warc.ts'
import { NO_ARCHIVE, type Source } from '../input/source.ts'
import { looksLikeChallenge } from '../page/kind.ts'
import { isTransient } from './retry.ts'

/** An answer, its content coding undone. */
export interface Page {
  /** The address that answered, behind all redirects. */
  readonly url: string
  readonly date: string
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
  readonly isCut: boolean
}

/** Reads an answer as it is kept. Throws an InputError when its body can't be unpacked. */
export function readPage({ url, date, response }: { url: string; date: string; response: Buffer }): Page {
  try {
    return { url, date, ...readHttpResponse(response)! }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new InputError('input.too_big', 'The page unpacks to too many bytes.', { cause: error })
    throw new InputError('fetch.damaged', `The body of the page can't be unpacked (${code}).`, { cause: error })
  }
}

/** The page as the converter takes it. Throws an InputError when the answer is not the page that was asked for. */
export function sourceOf(uri: string, page: Page): Source {
  if (page.status !== 200) throw statusError(page)
  const { url, date, headers, body, isCut } = page
  return {
    uri,
    bytes: body,
    url,
    urlFrom: 'fetch',
    retrievedAt: date,
    charset: charsetOf(headers.get('content-type') ?? ''),
    archive: NO_ARCHIVE,
    diagnostics: isCut ? [bodyCutShort()] : [],
  }
}

/** Whether an answer is no page, but a wall before the host: a challenge, or too many requests. */
export const isWall = (page: Page) => page.status === 429 || isChallenge(page)

/** Whether an answer tests the browser: 瑞数 answers 412, 加速乐 521, others 202, 403 or 503 with a page of scripts. */
const isChallenge = ({ status, body }: Page) =>
  status === 412 || status === 521 || (MAY_BE_CHALLENGE.has(status) && looksLikeChallenge(body.toString('utf8')))
const MAY_BE_CHALLENGE = new Set([202, 403, 503])

function statusError(page: Page): InputError {
  const { status, headers } = page
  if (isChallenge(page))
    return new InputError('page.challenge', `The server answers with a challenge for browsers (status ${status}).`)
  if (isTransient(status)) {
    const retryAfter = headers.get('retry-after')
    const wait =
      retryAfter === undefined ? '' : ` and asks to come back later (Retry-After: ${retryAfter.slice(0, 40)})`
    return new InputError('fetch.server_error', `The server answered with status ${status}${wait}.`)
  }
  if (status === 404 || status === 410)
    return new InputError('fetch.not_found', `The server knows no such page (status ${status}).`)
  if (status === 401 || status === 403)
    return new InputError('fetch.forbidden', `The server refuses the page (status ${status}).`)
  return new InputError('fetch.http_status', `The server answered with status ${status}.`)
}
