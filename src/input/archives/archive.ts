import { inflateRawSync } from 'node:zlib'
import { type Diagnostic, InputError } from '../../diagnostics.ts'
import type { ReplyRecord } from '../../record.ts'
import type { Blob } from '../blob.ts'
import type { Source } from '../source.ts'

export type ArchiveKind = NonNullable<ReplyRecord['source']['archive']['kind']>

/** What an archive says of a member, besides its bytes. */
export interface Facts {
  readonly url: string | null
  readonly urlFrom: Source['urlFrom']
  readonly retrievedAt: string | null
  readonly charset: string | null
  readonly recordId: string | null
  readonly diagnostics: readonly Diagnostic[]
}

export const NO_FACTS: Facts = {
  url: null,
  urlFrom: null,
  retrievedAt: null,
  charset: null,
  recordId: null,
  diagnostics: [],
}

/** A member of an archive, a part that is damaged, or a part that is no page. */
export type Member =
  | {
      readonly kind: 'member'
      readonly name: string
      readonly blob: Blob
      /** Where the member lies in the archive, its headers included. */
      readonly offset: number
      readonly length: number
      readonly facts: Facts
    }
  | { readonly kind: 'failed'; readonly name: string | null; readonly error: InputError }
  | { readonly kind: 'skipped'; readonly name: string }

export interface ArchiveOptions {
  /** HTTP statuses whose bodies are read from a WARC. */
  readonly statuses: ReadonlySet<number>
}

export interface ArchiveFormat {
  readonly kind: ArchiveKind
  readonly members: (blob: Blob, options: ArchiveOptions, name: string) => Iterable<Member> | AsyncIterable<Member>
}

/** No page, and no archive inside an archive, may be larger than this when it is unpacked. */
export const MOST_BYTES = 50 * 1024 * 1024

/** Names a damaged part by its exact place and size. */
export function damaged(what: string, offset: number, length: number | null): InputError {
  const size = length === null ? '' : `, ${length} bytes`
  return new InputError('archive.damaged', `${what} at byte ${offset}${size}; reading goes on behind it.`)
}

export const tooBig = (offset: number) =>
  new InputError('input.too_big', `The member at byte ${offset} unpacks to more than ${MOST_BYTES} bytes.`)

/** Inflates raw deflate data, not beyond the cap. Gives the bytes and how many of the packed ones they took. */
export function inflateRaw(packed: Buffer): { bytes: Buffer; taken: number } {
  const { buffer, engine } = inflateRawSync(packed, {
    info: true,
    maxOutputLength: MOST_BYTES,
  } as never) as unknown as {
    buffer: Buffer
    engine: { bytesWritten: number }
  }
  return { bytes: buffer, taken: engine.bytesWritten }
}

export const isTooLarge = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
/** The data ends before the deflate stream does. */
export const isCutShort = (error: unknown) => (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR'

/** Whether a name stays inside the archive: no absolute path, no `..`. */
export const isInside = (name: string) => !/^(?:[/\\]|[a-z]:)/i.test(name) && !name.split(/[/\\]/).includes('..')
