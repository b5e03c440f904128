import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, errors } from 'undici'
import { InputError } from '../diagnostics.ts'
import { withoutUserinfo } from '../input/operands.ts'
import { VERSION } from '../version.ts'
import { authorizationOf, canonicalAddress } from './address.ts'
import { isPrivate } from './private.ts'

/** A request and its answer, as they went over the wire, without what must not be kept. */
export interface Exchange {
  /** The canonical address that was asked. */
  readonly url: string
  /** When the answer had come, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly date: string
  readonly request: Buffer
  /** Status line, headers and body; the body as it came, its transfer coding undone. */
  readonly response: Buffer
  /** Milliseconds from the request to the end of the answer. */
  readonly took: number
  /** The address of the server; null behind a proxy. */
  readonly ip: string | null
}

export interface ClientOptions {
  /** Milliseconds for a whole answer. */
  readonly timeout: number
  /** Who asks, for the server's people (RFC 9110 10.1.2); null leaves it out. */
  readonly from: string | null
  /** More certificates that are trusted, PEM. */
  readonly ca: Buffer | null
  /** Whether every address may be private. */
  readonly allowPrivate: boolean
  /** Proxies by the usual variables: http_proxy, https_proxy, no_proxy. */
  readonly hasProxy: boolean
  readonly now: () => Date
}

export interface Client {
  /** Asks once. Throws an InputError when no whole answer comes. */
  readonly ask: (url: URL, headers: readonly (readonly [string, string])[]) => Promise<Exchange>
  /** The user typed this address: its host and port may be private, and get the name and password in it. */
  readonly trust: (url: URL) => void
  readonly close: () => Promise<void>
}

const CONNECT_TIMEOUT_MS = 10_000
const READ_TIMEOUT_MS = 30_000
/** A body of more bytes is no page. */
const MOST_BYTES = 20 * 1024 * 1024

class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress'
}

/** Speaks HTTP/1.1 over sockets whose far end is looked at when they connect. */
export function createClient(options: ClientOptions): Client {
  /** Places that the user typed → the Authorization header for them. */
  const trusted = new Map<string, string | null>()
  const ips = new Map<string, string>()
  const placeOf = ({ hostname, port, protocol }: { hostname: string; port: string; protocol: string }) =>
    `${protocol}//${bareHost(hostname)}:${port || (protocol === 'https:' ? 443 : 80)}`
  const mayBePrivate = (place: string) => options.allowPrivate || trusted.has(place)
  const dispatcher = createDispatcher()
  const name = `dafu/${VERSION}`

  function createDispatcher(): Dispatcher {
    const tls = options.ca === null ? {} : { ca: [...rootCertificates, options.ca] }
    const common = { timeout: CONNECT_TIMEOUT_MS, ...tls }
    const open = buildConnector(common)
    const guarded = buildConnector({ ...common, lookup: lookupPublic } as buildConnector.BuildOptions)
    const connect: buildConnector.connector = (target, callback) => {
      const place = placeOf(target)
      const isOpen = mayBePrivate(place)
      if (!isOpen && isPrivate(bareHost(target.hostname))) return callback(new PrivateAddress(target.hostname), null)
      const connector = isOpen ? open : guarded
      connector(target, (error, socket) => {
        if (error) return callback(error, null)
        const ip = socket!.remoteAddress ?? ''
        if (!isOpen && isPrivate(ip)) {
          socket!.destroy()
          return callback(new PrivateAddress(ip), null)
        }
        ips.set(place, ip)
        callback(null, socket!)
      })
    }
    const limits = {
      connect,
      connections: 1,
      pipelining: 1,
      headersTimeout: Math.min(READ_TIMEOUT_MS, options.timeout),
      bodyTimeout: Math.min(READ_TIMEOUT_MS, options.timeout),
    }
    return options.hasProxy ? new EnvHttpProxyAgent({ ...limits, requestTls: tls }) : new Agent(limits)
  }

  return {
    trust: (url) => void trusted.set(placeOf(url), authorizationOf(url) ?? trusted.get(placeOf(url)) ?? null),
    close: () => dispatcher.destroy(),
    async ask(url, extra) {
      const address = canonicalAddress(url)
      const target = new URL(address)
      const place = placeOf(target)
      // Behind a proxy the socket leads to the proxy: what can be judged is the address itself.
      if (isPrivate(bareHost(target.hostname)) && !mayBePrivate(place)) throw privateError(target.hostname)
      const headers: [string, string][] = [
        ['User-Agent', name],
        ['Accept', 'text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1'],
        ['Accept-Language', 'zh-CN,zh;q=0.9'],
        ['Accept-Encoding', 'gzip, deflate, br'],
        ...(options.from === null ? [] : [['From', options.from] as [string, string]]),
        ...extra.map(([key, value]) => [key, value] as [string, string]),
      ]
      const authorization = authorizationOf(url) ?? trusted.get(place) ?? null
      const path = target.pathname + target.search
      const start = performance.now()
      const { status, reason, fields, body } = await send(dispatcher, options.timeout, {
        origin: target.origin,
        path,
        method: 'GET',
        headers: [...headers.flat(), ...(authorization === null ? [] : ['Authorization', authorization])],
      })
      const lines = [
        `GET ${path} HTTP/1.1`,
        `Host: ${target.host}`,
        ...headers.map(([key, value]) => `${key}: ${value}`),
      ]
      return {
        url: address,
        date: `${options.now().toISOString().slice(0, 19)}Z`,
        request: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`),
        response: Buffer.concat([headOf(status, reason, fields), body]),
        took: Math.round(performance.now() - start),
        ip: options.hasProxy ? null : (ips.get(place) ?? null),
      }
    },
  }
}

/** Answers of the resolver without the private ones; an error when no other is left. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, '', 0)
    const addresses = found.filter(({ address }) => !isPrivate(address))
    const [first] = addresses
    if (first === undefined) return callback(new PrivateAddress(found[0]?.address ?? hostname), '', 0)
    if (options.all) callback(null, addresses as never)
    else callback(null, first.address, first.family)
  })
}

const bareHost = (hostname: string) => hostname.replace(/^\[|\]$/g, '')

interface Answer {
  readonly status: number
  readonly reason: string
  /** Names and values by turns, as they came. */
  readonly fields: readonly Buffer[]
  readonly body: Buffer
}

function send(dispatcher: Dispatcher, timeout: number, request: Dispatcher.DispatchOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let status = 0
    let reason = ''
    let fields: Buffer[] = []
    let size = 0
    const chunks: Uint8Array[] = []
    let controller: Dispatcher.DispatchController | null = null
    let late: InputError | null = null
    const timer = setTimeout(() => {
      late = new InputError('fetch.timeout', `The page did not come within ${timeout / 1000} seconds.`)
      controller?.abort(late)
      reject(late)
    }, timeout)
    const fail = (error: Error) => {
      clearTimeout(timer)
      reject(networkError(error))
    }
    try {
      dispatcher.dispatch(request, {
        onRequestStart(started) {
          controller = started
          // Given up while it still waited for its connection.
          if (late !== null) started.abort(late)
        },
        onResponseStart(started, code, _headers, message) {
          status = code
          reason = message ?? ''
          fields = ((started.rawHeaders ?? []) as (Buffer | string)[]).map((field) => Buffer.from(field as string))
        },
        onResponseData(started, chunk) {
          size += chunk.length
          if (size <= MOST_BYTES) chunks.push(Uint8Array.from(chunk))
          else started.abort(new InputError('input.too_big', `The page has more than ${MOST_BYTES} bytes.`))
        },
        onResponseEnd() {
          clearTimeout(timer)
          resolve({ status, reason, fields, body: Buffer.concat(chunks) })
        },
        onResponseError: (_started, error) => fail(error),
      })
    } catch (error) {
      fail(error as Error)
    }
  })
}

/** A session is as good as a password: never kept. */
const SECRET = /^(?:set-cookie2?|cookie|authorization|proxy-authorization)$/i

/**
 * Status line and headers. The body is kept as it came but for its transfer coding, whose header is renamed, as other
 * archiving tools do.
 */
function headOf(status: number, reason: string, fields: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [Buffer.from(`HTTP/1.1 ${status} ${reason.replace(/[\x00-\x1f\x7f-\x9f]/g, '')}\r\n`)]
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i]!.toString('latin1')
    if (SECRET.test(name)) continue
    const kept = /^transfer-encoding$/i.test(name) ? 'X-Orig-Transfer-Encoding' : name
    const value = fields[i + 1]!
    const shown = /^location$/i.test(name) ? Buffer.from(withoutUserinfo(value.toString('latin1')), 'latin1') : value
    pieces.push(Buffer.from(`${kept}: `, 'latin1'), shown, Buffer.from('\r\n'))
  }
  return Buffer.concat([...pieces, Buffer.from('\r\n')])
}

const privateError = (address: string) =>
  new InputError('fetch.private_address', `The address leads to ${address}, which is private.`)

const TLS_ERROR = /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$|HOSTNAME_MISMATCH)/

function networkError(error: Error): InputError {
  if (error instanceof InputError) return error
  const cause = (error as { errors?: Error[] }).errors?.[0] ?? error
  if (cause instanceof PrivateAddress) return privateError(cause.message)
  const { code, message } = cause as NodeJS.ErrnoException
  if (cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError)
    return new InputError('fetch.timeout', 'The server sent nothing for too long.', { cause: error })
  if (cause instanceof errors.ConnectTimeoutError)
    return new InputError('fetch.network', 'The server does not answer.', { cause: error })
  if (cause instanceof errors.HTTPParserError || code === 'UND_ERR_HEADERS_OVERFLOW')
    return new InputError('fetch.damaged', `The answer is no HTTP (${message}).`, { cause: error })
  if (TLS_ERROR.test(code ?? ''))
    return new InputError('fetch.tls', `The certificate or the TLS of the server does not hold (${code}).`, {
      cause: error,
    })
  return new InputError('fetch.network', `The page could not be fetched (${code ?? message}).`, { cause: error })
}
