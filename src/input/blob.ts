import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { InputError } from '../diagnostics.ts'

/** Bytes that can be read at any place: a file, a part of one, or a buffer. */
export interface Blob {
  readonly size: number
  /** Up to `length` bytes from `offset`; fewer only at the end. */
  readonly read: (offset: number, length: number) => Buffer
}

export function bufferBlob(bytes: Uint8Array): Blob {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { size: buffer.length, read: (offset, length) => buffer.subarray(offset, offset + length) }
}

/** A file, opened by name or by the bytes of its name; the caller closes it. */
export function openFileBlob(path: string | Buffer): Blob & { readonly close: () => void } {
  const file = openSync(path, 'r')
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return { ...bufferBlob(readPipe(file)), close: () => closeSync(file) }
    return {
      size: stat.size,
      read: (offset, length) => readAt(file, offset, length),
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/** A pipe is read whole: of no more bytes than this. */
export const MOST_PIPE_BYTES = 256 * 1024 * 1024

/** All that a pipe gives: `dafu <(curl …)`. */
function readPipe(file: number): Buffer {
  const pieces: Buffer[] = []
  let size = 0
  for (;;) {
    const piece = Buffer.allocUnsafe(64 * 1024)
    const count = readSync(file, piece)
    if (count === 0) return Buffer.concat(pieces)
    pieces.push(piece.subarray(0, count))
    size += count
    if (size > MOST_PIPE_BYTES) throw new InputError('input.too_big', 'The pipe gives more than 256 MB.')
  }
}

function readAt(file: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(Math.max(0, length))
  let filled = 0
  while (filled < length) {
    const count = readSync(file, buffer, filled, length - filled, offset + filled)
    if (count === 0) break
    filled += count
  }
  return buffer.subarray(0, filled)
}

/** A part of a blob. */
export function sliceBlob(blob: Blob, start: number, size: number): Blob {
  const length = Math.max(0, Math.min(size, blob.size - start))
  return {
    size: length,
    read: (offset, wanted) => blob.read(start + offset, Math.max(0, Math.min(wanted, length - offset))),
  }
}

const CHUNK = 1 << 18

/** The bytes of a blob from an offset on, chunk by chunk. */
export function* chunksOf(blob: Blob, from = 0): Generator<Buffer> {
  for (let offset = from; offset < blob.size; ) {
    const chunk = blob.read(offset, CHUNK)
    if (chunk.length === 0) return
    offset += chunk.length
    yield chunk
  }
}

/** The first offset at or behind `from` where the bytes of a pattern stand; -1 when there is none. */
export function findBytes(blob: Blob, pattern: Buffer, from: number): number {
  for (let offset = from; offset < blob.size; ) {
    const chunk = blob.read(offset, CHUNK)
    const at = chunk.indexOf(pattern)
    if (at >= 0) return offset + at
    if (chunk.length < pattern.length) return -1
    offset += chunk.length - pattern.length + 1
  }
  return -1
}
