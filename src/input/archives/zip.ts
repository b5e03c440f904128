import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import { InputError } from '../../diagnostics.ts'
import { type Blob, bufferBlob, chunksOf, findBytes, sliceBlob } from '../blob.ts'
import {
  type ArchiveFormat,
  damaged,
  inflateRaw,
  isInside,
  isTooLarge,
  type Member,
  MOST_BYTES,
  NO_FACTS,
  tooBig,
} from './archive.ts'
import { readName } from './name.ts'

const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 1
const UTF8_NAME = 0x800
const LOCAL_HEADER = Buffer.from('PK\x03\x04')
const UNICODE_PATH = 0x7075

/** What yauzl 3 says of an entry; its published types are those of version 2. */
interface Entry {
  readonly fileName: Buffer
  readonly generalPurposeBitFlag: number
  readonly compressionMethod: number
  readonly compressedSize: number
  readonly uncompressedSize: number
  readonly crc32: number
  readonly relativeOffsetOfLocalHeader: number
  readonly extraFields: readonly { readonly id: number; readonly data: Buffer }[]
}
interface ZipFile {
  readonly eachEntry: () => AsyncIterable<Entry>
  readonly readLocalFileHeaderPromise: (entry: Entry, options: { minimal: true }) => Promise<{ fileDataStart: number }>
  readonly close: () => void
}
interface Yauzl {
  readonly RandomAccessReader: new () => object
  readonly fromRandomAccessReaderPromise: (reader: object, size: number, options: object) => Promise<ZipFile>
}
const { RandomAccessReader, fromRandomAccessReaderPromise } = yauzl as unknown as Yauzl

class BlobReader extends RandomAccessReader {
  private readonly blob: Blob
  constructor(blob: Blob) {
    super()
    this.blob = blob
  }
  _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(chunksOf(sliceBlob(this.blob, 0, end), start), { objectMode: false })
  }
}

/** A zip file; Chinese Windows writes its names in GBK without saying so. */
export const zip: ArchiveFormat = {
  kind: 'zip',
  async *members(blob) {
    let last = 0
    let file: ZipFile | null = null
    try {
      file = await fromRandomAccessReaderPromise(new BlobReader(blob), blob.size, {
        decodeStrings: false,
        validateEntrySizes: false,
        autoClose: false,
      })
      for await (const entry of file.eachEntry()) {
        last = Math.max(last, entry.relativeOffsetOfLocalHeader)
        const start = await dataStart(file, entry)
        yield* readEntry(blob, { ...entry, start, name: nameOf(entry) })
      }
    } catch (error) {
      if (error instanceof InputError) throw error
      yield { kind: 'failed', name: null, error: damaged('The directory of the zip file is damaged', last, null) }
      // What the directory did not name is found by the headers of the entries themselves.
      yield* scanEntries(blob, last === 0 ? 0 : last + 1)
    } finally {
      file?.close()
    }
  },
}

async function dataStart(file: ZipFile, entry: Entry): Promise<number | null> {
  try {
    return (await file.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart
  } catch {
    return null
  }
}

function nameOf({ fileName, generalPurposeBitFlag, extraFields }: Entry): string {
  const unicode = extraFields.find(({ id, data }) => id === UNICODE_PATH && data.length > 5)
  if (unicode) return unicode.data.subarray(5).toString('utf8')
  return generalPurposeBitFlag & UTF8_NAME ? fileName.toString('utf8') : readName(fileName)
}

interface Located {
  readonly name: string
  readonly start: number | null
  readonly generalPurposeBitFlag: number
  readonly compressionMethod: number
  readonly compressedSize: number
  readonly uncompressedSize: number
  readonly crc32: number
  readonly relativeOffsetOfLocalHeader: number
}

function* readEntry(blob: Blob, entry: Located): Generator<Member> {
  const { name, start, relativeOffsetOfLocalHeader: offset } = entry
  if (/[/\\]$/.test(name)) return
  const fail = (error: InputError): Member => ({ kind: 'failed', name, error })
  if (!isInside(name))
    return yield fail(new InputError('archive.unsafe_name', 'The name of the member leads out of the archive.'))
  if (entry.generalPurposeBitFlag & ENCRYPTED)
    return yield fail(new InputError('archive.encrypted', 'The member is encrypted.'))
  if (start === null || start + entry.compressedSize > blob.size)
    return yield fail(damaged('The zip entry is damaged', offset, entry.compressedSize))
  const length = start - offset + entry.compressedSize
  const packed = sliceBlob(blob, start, entry.compressedSize)
  if (entry.compressionMethod === STORED && entry.compressedSize > MOST_BYTES) {
    yield { kind: 'member', name, blob: packed, offset, length, facts: NO_FACTS }
    return
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    return yield fail(
      new InputError('archive.unsupported', `The compression method ${entry.compressionMethod} is unknown.`),
    )
  if (entry.uncompressedSize > MOST_BYTES || packed.size > MOST_BYTES) return yield fail(tooBig(offset))
  try {
    const raw = packed.read(0, packed.size)
    const bytes = entry.compressionMethod === STORED ? raw : inflateRaw(raw).bytes
    if (crc32(bytes) !== entry.crc32) return yield fail(damaged('The zip entry is damaged', offset, length))
    yield { kind: 'member', name, blob: bufferBlob(bytes), offset, length, facts: NO_FACTS }
  } catch (error) {
    yield fail(isTooLarge(error) ? tooBig(offset) : damaged('The zip entry is damaged', offset, length))
  }
}

/** The entries of a zip file whose directory is lost, by their local headers (APPNOTE 4.3.7). */
function* scanEntries(blob: Blob, from: number): Generator<Member> {
  for (let offset = findBytes(blob, LOCAL_HEADER, from); offset >= 0; ) {
    const header = blob.read(offset, 30)
    if (header.length < 30) return
    const nameLength = header.readUInt16LE(26)
    const flags = header.readUInt16LE(6)
    const rawName = blob.read(offset + 30, nameLength)
    const start = offset + 30 + nameLength + header.readUInt16LE(28)
    const next = findBytes(blob, LOCAL_HEADER, start)
    // With bit 3 the sizes stand behind the data: the data reaches to the next header at most.
    const hasSizes = !(flags & 8)
    const end = next < 0 ? blob.size : next
    const entry = {
      name: flags & UTF8_NAME ? rawName.toString('utf8') : readName(rawName),
      start,
      generalPurposeBitFlag: flags,
      compressionMethod: header.readUInt16LE(8),
      compressedSize: hasSizes ? header.readUInt32LE(18) : end - start,
      uncompressedSize: hasSizes ? header.readUInt32LE(22) : 0,
      crc32: header.readUInt32LE(14),
      relativeOffsetOfLocalHeader: offset,
    }
    yield* hasSizes ? readEntry(blob, entry) : readStreamedEntry(blob, entry)
    offset = next
  }
}

/** An entry whose checksum stands behind its data. */
function* readStreamedEntry(blob: Blob, entry: Located): Generator<Member> {
  if (entry.compressionMethod !== DEFLATED || entry.compressedSize > MOST_BYTES)
    return yield* readEntry(blob, { ...entry, start: null })
  try {
    const { taken } = inflateRaw(blob.read(entry.start!, entry.compressedSize))
    const descriptor = blob.read(entry.start! + taken, 8)
    const at = descriptor.length === 8 && descriptor.readUInt32LE(0) === 0x08074b50 ? 4 : 0
    yield* readEntry(blob, { ...entry, compressedSize: taken, crc32: descriptor.readUInt32LE(at) })
  } catch {
    yield* readEntry(blob, { ...entry, start: null })
  }
}
