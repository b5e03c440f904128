import type { ReplyRecord } from '../record.ts'
import { type Tree, toJson, toNdjson } from './json.ts'
import { toTree } from './tree.ts'

export const FORMATS = ['yaml', 'json', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

/** Turns records into text one by one; `end` closes what `next` has opened, '' when there was no record. */
export interface Writer {
  readonly next: (record: ReplyRecord) => string
  readonly end: () => string
}

/** YAML loads its library only when it is asked for. */
export async function createWriter(format: Format, tree: boolean): Promise<Writer> {
  const view = (record: ReplyRecord): ReplyRecord | Tree => (tree ? toTree(record) : record)
  let count = 0
  switch (format) {
    case 'ndjson':
      return { next: (record) => toNdjson(view(record)), end: () => '' }
    case 'json':
      return {
        next: (record) => `${count++ === 0 ? '[' : ','}\n${toJson(view(record))}`,
        end: () => (count === 0 ? '' : '\n]\n'),
      }
    case 'yaml': {
      const { toYaml } = await import('./yaml.ts')
      return { next: (record) => `${count++ === 0 ? '' : '---\n'}${toYaml(view(record))}`, end: () => '' }
    }
  }
}
