import { constants, crc32, createInflateRaw } from 'node:zlib'
import type { Blob } from '../blob.ts'
import { inflateRaw, isCutShort, isTooLarge } from './archive.ts'

/** One member of a gzip file (RFC 1952), unpacked; `bytes` is null when it unpacks to more than the cap. */
export interface GzipMember {
  readonly bytes: Buffer | null
  /** Length of the packed member, header and trailer included. */
  readonly length: number
}

const FIRST_WINDOW = 1 << 16
const TRAILER = 8

/** Reads the gzip member at an offset, its checksum held against its bytes; null when it is damaged. */
export async function readGzipMember(blob: Blob, offset: number): Promise<GzipMember | null> {
  for (let window = FIRST_WINDOW; ; window *= 4) {
    const packed = blob.read(offset, window)
    const header = headerLength(packed)
    if (header === null) return null
    try {
      const { bytes, taken } = inflateRaw(packed.subarray(header))
      const trailer = blob.read(offset + header + taken, TRAILER)
      if (trailer.length < TRAILER) return null
      const isSound = trailer.readUInt32LE(0) === crc32(bytes) && trailer.readUInt32LE(4) === bytes.length % 2 ** 32
      return isSound ? { bytes, length: header + taken + TRAILER } : null
    } catch (error) {
      if (isTooLarge(error)) return skipLargeMember(blob, offset, header)
      if (!isCutShort(error) || packed.length < window) return null
    }
  }
}

/** The length of a member's header; null when there is none. */
function headerLength(packed: Buffer): number | null {
  if (packed.length < 18 || packed[0] !== 0x1f || packed[1] !== 0x8b || packed[2] !== 8) return null
  const flags = packed[3]!
  let at = 10
  if (flags & 4) at += 2 + packed.readUInt16LE(at)
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue
    const end = packed.indexOf(0, at)
    if (end < 0) return null
    at = end + 1
  }
  if (flags & 2) at += 2
  return at < packed.length ? at : null
}

/** Finds the end of a member that is too large to keep: unpacked chunk by chunk, thrown away. */
async function skipLargeMember(blob: Blob, offset: number, header: number): Promise<GzipMember | null> {
  const inflater = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH })
  inflater.resume()
  const ended = new Promise<boolean>((resolve) => {
    inflater.once('end', () => resolve(true))
    inflater.once('error', () => resolve(false))
  })
  let isDone = false
  void ended.then(() => {
    isDone = true
  })
  for (let at = offset + header; at < blob.size && !isDone; ) {
    const chunk = blob.read(at, 1 << 18)
    at += chunk.length
    await new Promise<void>((resolve) => inflater.write(chunk, () => resolve()))
  }
  inflater.end()
  const isSound = await ended
  return isSound ? { bytes: null, length: header + inflater.bytesWritten + TRAILER } : null
}
