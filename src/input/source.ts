import type { Diagnostic } from '../diagnostics.ts'
import type { ReplyRecord, UrlSource } from '../record.ts'

/** A page as it reaches the decoder, with what is known of where it came from. */
export interface Source {
  /** As named by the caller, '/' separators. */
  readonly uri: string
  readonly bytes: Uint8Array
  readonly url: string | null
  readonly urlFrom: UrlSource | null
  /** `YYYY-MM-DDTHH:MM:SSZ`, or null for a file. */
  readonly retrievedAt: string | null
  /** The charset of the HTTP header or archive record. */
  readonly charset: string | null
  readonly archive: ReplyRecord['source']['archive']
  /** What the archive or the fetch found odd. */
  readonly diagnostics: readonly Diagnostic[]
}

export const NO_ARCHIVE: ReplyRecord['source']['archive'] = { kind: null, offset: null, length: null, record_id: null }

/** A page that lies as a file, or came through a pipe. */
export function fileSource(uri: string, bytes: Uint8Array): Source {
  return {
    uri,
    bytes,
    url: null,
    urlFrom: null,
    retrievedAt: null,
    charset: null,
    archive: NO_ARCHIVE,
    diagnostics: [],
  }
}
