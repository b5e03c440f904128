import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { isCutShort, MOST_BYTES } from './archive.ts'

/** An HTTP response as an archive keeps it. */
export interface HttpResponse {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  /** The body; of `readHttpResponse` de-chunked and decompressed. */
  readonly body: Buffer
  /** Whether the coded body ends before its data does: what it holds is read all the same. */
  readonly isCut: boolean
}

/** Behind the headers of an HTTP message, and of a WARC record. */
export const HEAD_END = Buffer.from('\r\n\r\n')
const STATUS_LINE = /^HTTP\/\d(?:\.\d)? (\d{3})/

/** The head of a response (RFC 9112) and its body as it stands there; null when it is none. */
export function readHttpHead(bytes: Buffer): HttpResponse | null {
  const end = bytes.indexOf(HEAD_END)
  const head = bytes.toString('latin1', 0, end < 0 ? bytes.length : end)
  const status = STATUS_LINE.exec(head)
  if (!status) return null
  const headers = readHeaders(head.slice(head.indexOf('\n') + 1))
  return {
    status: Number(status[1]),
    headers,
    body: end < 0 ? Buffer.alloc(0) : bytes.subarray(end + HEAD_END.length),
    isCut: false,
  }
}

/** Reads a response; null when it is none. Throws when its body can't be decompressed or is too large. */
export function readHttpResponse(bytes: Buffer): HttpResponse | null {
  const head = readHttpHead(bytes)
  if (head === null) return null
  const { status, headers, body } = head
  const isChunked = /\bchunked\b/i.test(headers.get('transfer-encoding') ?? '')
  const whole = (isChunked && dechunk(body)) || body
  // Codings are listed in the order in which they were applied (RFC 9110 8.4).
  const codings = (headers.get('content-encoding') ?? '').split(',').slice(0, MOST_CODINGS)
  let plain = whole
  let isCut = false
  for (const coding of plain.length === 0 ? [] : codings.reverse())
    try {
      plain = decompress(plain, coding)
    } catch (error) {
      if (!isCutShort(error)) throw error
      plain = decompress(plain, coding, LENIENT)
      isCut = true
    }
  return { status, headers, body: plain, isCut }
}

const MOST_CODINGS = 4

/** The charset of a media type: `text/html; charset=GBK` → `GBK`. */
export const charsetOf = (mediaType: string) => /\bcharset\s*=\s*["']?([\w.:-]{1,40})/i.exec(mediaType)?.[1] ?? null

/** Header lines by lower-case name; folded lines are joined, of repeated names the first counts. */
export function readHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
  }
  return headers
}

/** The body without its chunk sizes; null when it has none, as archives that store it unchunked leave it. */
function dechunk(raw: Buffer): Buffer | null {
  const pieces: Buffer[] = []
  for (let at = 0; ; ) {
    const end = raw.indexOf('\r\n', at)
    const size = end < 0 ? null : /^([\da-f]{1,8})(?:;.*)?$/i.exec(raw.toString('latin1', at, end).trim())
    if (!size) return pieces.length > 0 ? Buffer.concat(pieces) : null
    const length = Number.parseInt(size[1]!, 16)
    if (length === 0) return Buffer.concat(pieces)
    pieces.push(raw.subarray(end + 2, end + 2 + length))
    at = end + 2 + length + 2
  }
}

/** Undoes a content coding; a body that is not coded though its header says so is left as it is. */
function decompress(raw: Buffer, coding: string, finishFlush?: { zlib: number; brotli: number }): Buffer {
  const options = { maxOutputLength: MOST_BYTES, ...(finishFlush && { finishFlush: finishFlush.zlib }) }
  switch (coding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw, options) : raw
    case 'deflate':
      return hasZlibHead(raw) ? inflateSync(raw, options) : inflateRawSync(raw, options)
    case 'br':
      return brotliDecompressSync(raw, { ...options, ...(finishFlush && { finishFlush: finishFlush.brotli }) })
    default:
      return raw
  }
}

/** RFC 1950 2.2; some servers send bare deflate data. */
const hasZlibHead = (raw: Buffer) => (raw[0]! & 0x0f) === 8 && ((raw[0]! << 8) | (raw[1] ?? 0)) % 31 === 0

const LENIENT = { zlib: constants.Z_SYNC_FLUSH, brotli: constants.BROTLI_OPERATION_FLUSH }
