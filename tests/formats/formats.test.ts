import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { createFormatter, FRAMING } from '../../src/formats/index.ts'
import { toNdjson } from '../../src/formats/json.ts'
import { readRecords } from '../../src/formats/read.ts'
import { toTree } from '../../src/formats/tree.ts'
import { toYaml } from '../../src/formats/yaml.ts'
import type { ReplyRecord } from '../../src/record.ts'
import { letterOf, pageOf, recordOf } from '../cases.ts'

const record = recordOf(pageOf(letterOf(['一、甲', '（一）乙。一是丙；二是丁。'])))

/** The record with words that YAML and JSON readers are known to trip over. */
function withWords(words: string): ReplyRecord {
  return { ...record, page: { ...record.page, publisher: words } }
}

const HARD = [
  '0116',
  '1_000',
  'no',
  'Yes',
  'null',
  '~',
  '2021-04-21',
  '10:30',
  '1.10',
  '=',
  '',
  ' ',
  '- a',
  'a: b',
  '# a',
  '"',
  "'",
  '\\',
  '综合政务\\政务公开',
  'a\tb',
  'a\nb\n\n c',
  'a\u2028b',
  'a\u2029b',
  'a\u0085b',
  'a\x7fb',
  'a\x9bb',
  'a\x1b[31mb',
  '\ufeffa',
  'a\uffffb',
  '𬭎㐂',
  '<<',
  '0x1F',
  '0o17',
  '1e3',
  '.inf',
  '@a',
  '%a',
  '!a',
  '&a',
  '*a',
  '|',
  '>',
]

describe.each(HARD)('%j', (words) => {
  it('reads back from YAML 1.2 and 1.1', () => {
    const yaml = toYaml(withWords(words))
    for (const version of ['1.1', '1.2'] as const)
      expect((parse(yaml, { version }) as ReplyRecord).page.publisher).toBe(words)
    expect(readRecords(yaml)).toEqual([withWords(words)])
  })

  it('leaves nothing raw that breaks readers or drives terminals', () => {
    for (const text of [toYaml(withWords(words)), toNdjson(withWords(words))]) {
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/)
      expect(text.endsWith('\n')).toBe(true)
    }
    expect(toNdjson(withWords(words)).split('\n')).toHaveLength(2)
    expect((JSON.parse(toNdjson(withWords(words))) as ReplyRecord).page.publisher).toBe(words)
  })
})

it('YAML leaves out what is empty, and reading it back restores it', () => {
  const yaml = toYaml(record)
  expect(yaml).not.toMatch(/null|\[\]|catalog/)
  expect(yaml).toContain('heading_end: ""')
  expect(readRecords(yaml)).toEqual([record])
})

it.each(['yaml', 'json', 'ndjson'] as const)('%s of several records reads back', async (format) => {
  const formatter = await createFormatter(format, false)
  const { first, between, end } = FRAMING[format]
  expect(readRecords(first + [record, record].map(formatter).join(between) + end)).toEqual([record, record])
})

it('YAML documents are parted by ---', async () => {
  const formatter = await createFormatter('yaml', false)
  expect(parseAllDocuments(formatter(record) + FRAMING.yaml.between + formatter(record))).toHaveLength(2)
})

it('the tree nests blocks by children and keeps their ids', () => {
  const tree = toTree(record) as unknown as { blocks: { id: string; children?: { id: string }[] }[] }
  expect(tree.blocks.map(({ id, children }) => [id, children?.map((child) => child.id)])).toContainEqual(['1', ['1.1']])
  expect(JSON.stringify(tree)).not.toMatch(/null|\[\]/)
})
