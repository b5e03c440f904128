import { createHash } from 'node:crypto'
import { diagnostic, InputError } from '../../diagnostics.ts'
import { type Blob, bufferBlob, findBytes, sliceBlob } from '../blob.ts'
import { looksLikeHtml } from '../sniff.ts'
import {
  type ArchiveFormat,
  type ArchiveOptions,
  damaged,
  isTooLarge,
  type Member,
  MOST_BYTES,
  NO_FACTS,
  tooBig,
} from './archive.ts'
import { readGzipMember } from './gzip-member.ts'
import { charsetOf, HEAD_END, readHeaders, readHttpResponse } from './http.ts'

const MAGIC = Buffer.from('WARC/')
/** How a gzip member begins (RFC 1952 2.3.1). */
export const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08])
/** Not what crawlers note of themselves: `metadata://gnu.org/…`, `dns:…`. */
const PAGE_ADDRESS = /^(?:https?|ftp|file):/i
/** What a crawler asks for itself, not for its readers (RFC 9309). */
const ROBOTS = /^https?:\/\/[^/]+\/robots\.txt$/i
/** No header of a record is longer. */
const LONGEST_HEAD = 1 << 16

interface WarcRecord {
  readonly headers: ReadonlyMap<string, string>
  readonly content: Blob
  /** Length of the record, headers and the two line ends behind it included. */
  readonly length: number
  /** Whether the file holds all of its content. */
  readonly isWhole: boolean
}

/** A WARC file, packed or not (ISO 28500). Damage costs the records it hits, and is reported with its place. */
export const warc: ArchiveFormat = {
  kind: 'warc',
  async *members(blob, options) {
    let damagedFrom: number | null = null
    let offset = 0
    const reportDamage = function* (until: number): Generator<Member> {
      if (damagedFrom !== null)
        yield {
          kind: 'failed',
          name: null,
          error: damaged('The WARC file is damaged', damagedFrom, until - damagedFrom),
        }
      damagedFrom = null
    }
    while (offset < blob.size) {
      const found = await readAt(blob, offset)
      if (found === null) {
        damagedFrom ??= offset
        const next = nextStart(blob, offset + 1)
        if (next < 0) break
        offset = next
        continue
      }
      yield* reportDamage(offset)
      if (found.records === null) yield { kind: 'failed', name: null, error: tooBig(offset) }
      else
        for (const record of found.records)
          if (record === 'damaged')
            yield { kind: 'failed', name: null, error: damaged('A WARC record is damaged', offset, found.length) }
          else yield* readRecord(record, offset, found.length, options)
      offset += found.length
    }
    yield* reportDamage(blob.size)
  },
}

/** The records at an offset and the length that they take; `records` is null when they are too large to unpack. */
async function readAt(
  blob: Blob,
  offset: number,
): Promise<{ records: (WarcRecord | 'damaged')[] | null; length: number } | null> {
  const head = blob.read(offset, MAGIC.length)
  if (head.equals(MAGIC)) {
    const record = parseRecord(blob, offset)
    return record && { records: [record], length: record.length }
  }
  if (!head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) return null
  const member = await readGzipMember(blob, offset)
  if (member === null) return null
  if (member.bytes === null) return { records: null, length: member.length }
  const bytes = bufferBlob(member.bytes)
  const records: (WarcRecord | 'damaged')[] = []
  for (let at = 0; at < bytes.size; ) {
    const record = parseRecord(bytes, at)
    if (record === null && records.length === 0) return null
    records.push(record ?? 'damaged')
    const next = record ? at + record.length : findBytes(bytes, MAGIC, at + 1)
    at = next < 0 ? bytes.size : next
  }
  return { records, length: member.length }
}

/** The record that begins at an offset; null when there is none that is whole and as its digest says. */
export async function readWarcBlock(blob: Blob, offset: number): Promise<{ id: string | null; block: Buffer } | null> {
  const record = (await readAt(blob, offset))?.records?.[0]
  if (record === undefined || record === 'damaged' || !record.isWhole) return null
  const block = record.content.read(0, record.content.size)
  const id = record.headers.get('warc-record-id')?.replace(/^<|>$/g, '') ?? null
  return digestHolds(record.headers.get('warc-block-digest'), block) ? { id, block } : null
}

/** Where reading can go on: the next gzip member, or the next line that begins a record. */
function nextStart(blob: Blob, from: number): number {
  const isPacked = blob.read(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)
  return isPacked ? findBytes(blob, GZIP_MAGIC, from) : findBytes(blob, MAGIC, from)
}

function parseRecord(blob: Blob, offset: number): WarcRecord | null {
  const head = blob.read(offset, LONGEST_HEAD)
  const end = head.indexOf(HEAD_END)
  if (end < 0 || !head.subarray(0, MAGIC.length).equals(MAGIC)) return null
  const text = head.toString('utf8', 0, end)
  const headers = readHeaders(text.slice(text.indexOf('\n') + 1))
  const size = Number(headers.get('content-length') ?? Number.NaN)
  if (!Number.isSafeInteger(size) || size < 0) return null
  const start = offset + end + HEAD_END.length
  const tail = blob.read(start + size, HEAD_END.length)
  const isWhole = start + size <= blob.size
  // A length that leads astray is damage: behind the content stand two line ends, or nothing.
  if (isWhole && tail.length > 0 && !tail.equals(HEAD_END.subarray(0, tail.length))) return null
  return { headers, content: sliceBlob(blob, start, size), length: end + HEAD_END.length + size + tail.length, isWhole }
}

function* readRecord(record: WarcRecord, offset: number, length: number, options: ArchiveOptions): Generator<Member> {
  const { headers, content } = record
  const type = headers.get('warc-type') ?? ''
  const uri = headers.get('warc-target-uri')?.replace(/^<|>$/g, '') ?? null
  const recordId = headers.get('warc-record-id') ?? null
  const name = uri ?? recordId ?? `record at ${offset}`
  if (type === 'revisit' || (uri !== null && ROBOTS.test(uri))) return yield { kind: 'skipped', name }
  if ((type !== 'response' && type !== 'resource') || (uri !== null && !PAGE_ADDRESS.test(uri))) return
  if (!record.isWhole)
    return yield { kind: 'failed', name, error: damaged('The WARC record is cut short', offset, length) }
  if (content.size > MOST_BYTES) return yield { kind: 'failed', name, error: tooBig(offset) }
  const bytes = content.read(0, content.size)
  if (!digestHolds(headers.get('warc-block-digest'), bytes))
    return yield { kind: 'failed', name, error: damaged('The WARC record does not match its digest', offset, length) }
  const page = readPage(type, headers, bytes, options, offset)
  if (page instanceof InputError) return yield { kind: 'failed', name, error: page }
  if (page === null) return yield { kind: 'skipped', name }
  const truncated = headers.get('warc-truncated')
  yield {
    kind: 'member',
    name,
    blob: bufferBlob(page.bytes),
    offset,
    length,
    facts: {
      ...NO_FACTS,
      url: uri,
      urlFrom: uri === null ? null : 'warc',
      retrievedAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(headers.get('warc-date') ?? '')?.[0].concat('Z') ?? null,
      charset: page.charset,
      recordId: recordId?.replace(/^<|>$/g, '') ?? null,
      diagnostics: [
        ...(truncated === undefined
          ? []
          : [diagnostic('archive.truncated', `The crawler cut the page short (${truncated.slice(0, 20)}).`)]),
        ...(page.isCut ? [bodyCutShort()] : []),
      ],
    },
  }
}

/** The compressed body ends before its data does. */
export const bodyCutShort = () => diagnostic('archive.truncated', 'The compressed body of the page is cut short.')

/** The page in a record; null when it holds none, an InputError when it can't be unpacked. */
function readPage(
  type: string,
  headers: ReadonlyMap<string, string>,
  bytes: Buffer,
  { statuses }: ArchiveOptions,
  offset: number,
): { bytes: Buffer; charset: string | null; isCut: boolean } | InputError | null {
  try {
    const response = type === 'response' ? readHttpResponse(bytes) : null
    if (type === 'response' && (response === null || !statuses.has(response.status))) return null
    const mediaType = response ? (response.headers.get('content-type') ?? '') : (headers.get('content-type') ?? '')
    const body = response?.body ?? bytes
    const isText = /^(?:text\/(?:html|plain)|application\/xhtml\+xml)/i.test(mediaType)
    if (!isText && !looksLikeHtml(body.subarray(0, 4096).toString('latin1'))) return null
    return { bytes: body, charset: charsetOf(mediaType), isCut: response?.isCut ?? false }
  } catch (error) {
    return isTooLarge(error) ? tooBig(offset) : damaged('The body of the WARC record is damaged', offset, bytes.length)
  }
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Whether a digest such as `sha1:ABC…` (base 32 or hex) is that of the bytes; an unknown kind proves nothing. */
function digestHolds(digest: string | undefined, bytes: Buffer): boolean {
  const match = /^(sha1|sha-1|sha256|sha-256|md5):(.+)$/i.exec(digest ?? '')
  if (!match) return true
  const hash = createHash(match[1]!.toLowerCase().replace('-', '')).update(bytes).digest()
  const value = match[2]!.trim()
  return value.toLowerCase() === hash.toString('hex') || value.toUpperCase().replace(/=+$/, '') === base32(hash)
}

export function base32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      text += BASE32[(value >>> (bits - 5)) & 31]
      bits -= 5
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text
}
