import type { ReplyRecord } from '../record.ts'
import { type Tree, toJson, toNdjson } from './json.ts'
import { toTree } from './tree.ts'

export const FORMATS = ['yaml', 'json', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

/** Turns one record into its text; what stands between records is `Framing`'s. */
export type Formatter = (record: ReplyRecord) => string

/** YAML loads its library only when it is asked for. */
export async function createFormatter(format: Format, tree: boolean): Promise<Formatter> {
  const view = (record: ReplyRecord): ReplyRecord | Tree => (tree ? toTree(record) : record)
  switch (format) {
    case 'ndjson':
      return (record) => toNdjson(view(record))
    case 'json':
      return (record) => toJson(view(record))
    case 'yaml': {
      const { toYaml } = await import('./yaml.ts')
      return (record) => toYaml(view(record))
    }
  }
}

/** What stands around records in one stream: a JSON array, YAML documents, nothing in NDJSON. */
export interface Framing {
  readonly first: string
  readonly between: string
  /** Behind the last record, where there was one. */
  readonly end: string
}

export const FRAMING: { readonly [format in Format]: Framing } = {
  ndjson: { first: '', between: '', end: '' },
  json: { first: '[\n', between: ',\n', end: '\n]\n' },
  yaml: { first: '', between: '---\n', end: '' },
}
