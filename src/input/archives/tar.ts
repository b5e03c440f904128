import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputError } from '../../diagnostics.ts'
import { bufferBlob, chunksOf } from '../blob.ts'
import { type ArchiveFormat, damaged, isInside, type Member, MOST_BYTES, NO_FACTS, tooBig } from './archive.ts'
import { readName } from './name.ts'

const BLOCK = 512

/** Takes bytes from chunks, as many as asked for. */
class Reader {
  offset = 0
  private readonly chunks: Iterator<Buffer> | AsyncIterator<Buffer>
  private rest: Buffer = Buffer.alloc(0)

  constructor(chunks: Iterable<Buffer> | AsyncIterable<Buffer>) {
    this.chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]()
  }

  /** The next `length` bytes; fewer at the end. */
  async take(length: number): Promise<Buffer> {
    const pieces: Buffer[] = []
    let missing = length
    while (missing > 0) {
      if (this.rest.length === 0) {
        const { value, done } = await this.chunks.next()
        if (done) break
        this.rest = value
      }
      const piece = this.rest.subarray(0, missing)
      this.rest = this.rest.subarray(piece.length)
      pieces.push(piece)
      missing -= piece.length
    }
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
    this.offset += bytes.length
    return bytes
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      const { length: taken } = await this.take(Math.min(left, 1 << 16))
      if (taken === 0) return
      left -= taken
    }
  }
}

interface Header {
  readonly name: Buffer
  readonly size: number
  readonly type: string
}

/** Members of a tar file: ustar, GNU and pax names. Behind a damaged header it looks for the next sound one. */
export async function* readTar(chunks: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<Member> {
  const reader = new Reader(chunks)
  let longName: Buffer | null = null
  let damagedFrom: number | null = null
  for (;;) {
    const offset = reader.offset
    const block = await reader.take(BLOCK)
    if (block.length < BLOCK) {
      if (damagedFrom !== null || block.length > 0) {
        const from = damagedFrom ?? offset
        yield { kind: 'failed', name: null, error: damaged('The tar file is damaged', from, reader.offset - from) }
      }
      return
    }
    if (damagedFrom === null && block.every((byte) => byte === 0)) continue
    const header = readHeader(block)
    if (header === null) {
      damagedFrom ??= offset
      continue
    }
    if (damagedFrom !== null) {
      yield { kind: 'failed', name: null, error: damaged('The tar file is damaged', damagedFrom, offset - damagedFrom) }
      damagedFrom = null
    }
    const padded = Math.ceil(header.size / BLOCK) * BLOCK
    if (header.type === 'L' || header.type === 'x') {
      const body = (await reader.take(Math.min(padded, 1 << 20))).subarray(0, header.size)
      await reader.skip(padded - Math.min(padded, 1 << 20))
      longName = header.type === 'L' ? cutAtZero(body) : (readPaxPath(body) ?? longName)
      continue
    }
    const name = readName(longName ?? header.name)
    longName = null
    if (header.type !== '0' && header.type !== '\0') {
      await reader.skip(padded)
      continue
    }
    if (!isInside(name)) {
      await reader.skip(padded)
      yield {
        kind: 'failed',
        name,
        error: new InputError('archive.unsafe_name', 'The name of the member leads out of the archive.'),
      }
    } else if (header.size > MOST_BYTES) {
      await reader.skip(padded)
      yield { kind: 'failed', name, error: tooBig(offset) }
    } else {
      const bytes = (await reader.take(padded)).subarray(0, header.size)
      if (bytes.length < header.size)
        yield { kind: 'failed', name, error: damaged('The tar member is cut short', offset, reader.offset - offset) }
      else
        yield {
          kind: 'member',
          name,
          blob: bufferBlob(Buffer.from(bytes)),
          offset,
          length: BLOCK + padded,
          facts: NO_FACTS,
        }
    }
  }
}

/** POSIX ustar header; null when its checksum does not hold. */
function readHeader(block: Buffer): Header | null {
  const sum = readOctal(block.subarray(148, 156))
  let counted = 0
  for (let i = 0; i < BLOCK; i++) counted += i >= 148 && i < 156 ? 0x20 : block[i]!
  if (sum === null || sum !== counted) return null
  const size = readSize(block.subarray(124, 136))
  if (size === null) return null
  const isUstar = block.toString('latin1', 257, 262) === 'ustar'
  const prefix = isUstar && block[262] === 0 ? cutAtZero(block.subarray(345, 500)) : Buffer.alloc(0)
  const base = cutAtZero(block.subarray(0, 100))
  const name = prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), base]) : base
  return { name, size, type: String.fromCharCode(block[156]!) }
}

const cutAtZero = (bytes: Buffer) => {
  const end = bytes.indexOf(0)
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end))
}

function readOctal(field: Buffer): number | null {
  const digits = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim()
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : null
}

/** Octal, or base 256 for sizes that octal can't hold. */
function readSize(field: Buffer): number | null {
  if ((field[0]! & 0x80) === 0)
    return readOctal(field) ?? (field.every((byte) => byte === 0 || byte === 0x20) ? 0 : null)
  let size = 0
  for (const byte of field.subarray(4)) size = size * 256 + byte
  return Number.isSafeInteger(size) ? size : null
}

/** `27 path=…` in a pax header. */
function readPaxPath(body: Buffer): Buffer | null {
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(0x20, at)
    const length = blank < 0 ? Number.NaN : Number(body.toString('latin1', at, blank))
    if (!(length > 0)) return null
    const pair = body.subarray(blank + 1, at + length - 1)
    if (pair.toString('latin1', 0, 5) === 'path=') return Buffer.from(pair.subarray(5))
    at += length
  }
  return null
}

/** A tar file. */
export const tar: ArchiveFormat = { kind: 'tar', members: (blob) => readTar(chunksOf(blob)) }

/** A packed tar file: unpacked as it is read, never as a whole. */
export const tarGzip: ArchiveFormat = {
  kind: 'tar',
  async *members(blob) {
    const unzip = createGunzip()
    let failed: unknown = null
    const packed = Readable.from(chunksOf(blob), { objectMode: false })
    packed.on('error', (error) => unzip.destroy(error))
    packed.pipe(unzip)
    const chunks = (async function* () {
      try {
        yield* unzip as AsyncIterable<Buffer>
      } catch (error) {
        failed = error
      }
    })()
    yield* readTar(chunks)
    if (failed !== null)
      yield {
        kind: 'failed',
        name: null,
        error: damaged('The gzip data is damaged', unzip.bytesWritten, blob.size - unzip.bytesWritten),
      }
  },
}
