import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { verifyRecord } from '../../src/check/verify.ts'
import { convert } from '../../src/convert.ts'
import { toNdjson } from '../../src/formats/json.ts'
import { toTree } from '../../src/formats/tree.ts'
import { toYaml } from '../../src/formats/yaml.ts'
import type { ReplyRecord } from '../../src/record.ts'
import { plain, readCases } from '../cases.ts'
import { runDafu } from '../run-dafu.ts'

const cases = readCases().filter(({ truth }) => truth.error === undefined)
const evident = { encoding: null, evidence: true }

describe.each(cases)('$slug', ({ source }) => {
  it('holds, with evidence and without', () => {
    for (const options of [plain, evident]) expect(verifyRecord(convert(source, options), source)).toEqual([])
  })
})

/** Every string and number of a value, by pointer. */
function* leaves(value: unknown, pointer = ''): Generator<[string, string | number]> {
  if (typeof value === 'string' || typeof value === 'number') yield [pointer, value]
  else if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) yield* leaves(member, `${pointer}/${key}`)
}

function altered(record: ReplyRecord, pointer: string): ReplyRecord {
  const copy = structuredClone(record)
  const keys = pointer.split('/').slice(1)
  const last = keys.pop()!
  const owner = keys.reduce<{ [key: string]: unknown }>(
    (value, key) => value[key] as { [key: string]: unknown },
    copy as never,
  )
  const value = owner[last]
  owner[last] = typeof value === 'number' ? value + 1 : `${String(value).slice(0, -1)}〇`
  return copy
}

it('a record altered in one character fails, and the value is named', () => {
  const { source } = cases.find(({ slug }) => slug === 'trs--nested-document')!
  const record = convert(source, evident)
  const pointers = [...leaves(record)]
    .map(([pointer]) => pointer)
    .filter((pointer) => !/^\/(?:generator|schema|id|source\/uri|source\/encoding\/used)/.test(pointer))
  expect(pointers.length).toBeGreaterThan(200)
  for (const pointer of pointers) {
    const found = verifyRecord(altered(record, pointer), source).map((difference) => difference.pointer)
    expect(found, pointer).toContain(pointer)
  }
})

describe('dafu verify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dafu-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const { source } = cases.find(({ slug }) => slug === 'trs--nested-document')!
  const page = join(folder, 'page.html')
  writeFileSync(page, source.bytes)
  const record = convert({ ...source, uri: page }, evident)

  async function verify(content: string, against = page) {
    const file = join(folder, 'record')
    writeFileSync(file, content)
    return runDafu(['verify', file, '--against', against])
  }

  it.each([
    ['NDJSON', toNdjson(record)],
    ['JSON', JSON.stringify([record])],
    ['YAML', toYaml(record)],
    ['JSON with a byte order mark', `\ufeff${JSON.stringify([record])}`],
  ])('%s that holds', async (_, content) => {
    expect(await verify(content)).toMatchObject({ exit: 0, out: '', err: 'dafu: every value holds (records: 1)\n' })
  })

  it('records of other pages are counted', async () => {
    const { exit, err } = await verify(toNdjson({ ...record, id: `sha256:${'0'.repeat(64)}` }) + toNdjson(record))
    expect(exit).toBe(0)
    expect(err).toBe('dafu: every value holds (records: 1); records of other pages, not compared: 1\n')
  })

  it('a value that does not hold is a line on stdout', async () => {
    const { exit, out } = await verify(toNdjson(altered(record, '/blocks/3/text')))
    expect(exit).toBe(1)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { pointer: string })
    expect(lines.map(({ pointer }) => pointer)).toContain('/blocks/3/text')
  })

  it.each([
    ['another page', toNdjson({ ...record, id: `sha256:${'0'.repeat(64)}` }), 'record.other_page'],
    ['a tree view', toYaml(toTree(record)), 'record.tree'],
    ['no record', '{"a": 1}', 'record.unreadable'],
    ['no YAML', '\t{', 'record.unreadable'],
    ['a source that is a number', toNdjson({ ...record, source: 3 as never }), 'record.unreadable'],
    ['blocks that are none', toNdjson({ ...record, blocks: {} as never }), 'record.unreadable'],
  ])('%s is refused by name', async (_, content, code) => {
    const { exit, out, err } = await verify(content)
    expect({ exit, out }).toEqual({ exit: 3, out: '' })
    expect(err).toContain(code)
  })
})
