import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { ReplyRecord } from '../record.ts'
import { VERSION } from '../version.ts'
import type { ConvertSettings } from './convert-items.ts'
import type { Failure, Item } from './item.ts'

/** A line of the manifest: what became of one page, and the proof of it. */
export interface ManifestLine {
  readonly input: string
  readonly sha256: string | null
  readonly bytes: number | null
  readonly status: 'ok' | 'failed'
  /** The file that holds the record; null for standard output and failures. */
  readonly output: string | null
  /** Where the record stands in that file, the signs between records left out. */
  readonly output_offset: number | null
  readonly output_bytes: number | null
  readonly output_sha256: string | null
  /** The id of the record. */
  readonly record: string | null
  readonly diagnostics: { readonly error: number; readonly warning: number; readonly info: number }
  readonly error: Failure | null
  readonly version: string
  /** Hash of the options that decide a record. */
  readonly options: string
}

export const sha256Of = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The options that decide a record, as a hash. */
export function optionsHash({ format, tree, evidence, encoding, url }: ConvertSettings): string {
  return sha256Of(JSON.stringify({ format, tree, evidence, encoding, url })).slice(0, 16)
}

export interface Written {
  readonly output: string
  readonly offset: number
  readonly text: string
}

export function manifestLine(
  item: Extract<Item, { kind: 'record' | 'failed' }>,
  written: Written | null,
  options: string,
): ManifestLine {
  const count = (severity: ReplyRecord['diagnostics'][number]['severity']) =>
    item.kind === 'record' ? item.diagnostics.filter((one) => one.severity === severity).length : 0
  return {
    input: item.uri,
    sha256: item.sha256,
    bytes: item.bytes,
    status: item.kind === 'record' ? 'ok' : 'failed',
    output: written?.output ?? null,
    output_offset: written?.offset ?? null,
    output_bytes: written ? Buffer.byteLength(written.text) : null,
    output_sha256: written ? sha256Of(written.text) : null,
    record: item.kind === 'record' ? item.id : null,
    diagnostics: { error: count('error'), warning: count('warning'), info: count('info') },
    error: item.kind === 'failed' ? item.failure : null,
    version: VERSION,
    options,
  }
}

/** The lines of a manifest; a last line that was torn by an interruption is left out. */
export function readManifest(path: string): ManifestLine[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as ManifestLine]
      } catch {
        return []
      }
    })
}
