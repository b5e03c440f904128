import { describe, expect, it } from 'vitest'
import { convert } from '../src/convert.ts'
import { InputError } from '../src/diagnostics.ts'
import { toNdjson } from '../src/formats/json.ts'
import { toYaml } from '../src/formats/yaml.ts'
import { fileSource } from '../src/input/source.ts'
import { HOSTILE_PAGES, mutate, random } from '../tools/hostile-pages.js'
import { readCases } from './cases.ts'

/** Converts a page; a refusal is as good as a record. Gives the record, or null. */
function survive(bytes: Uint8Array, encoding: string | null = null) {
  try {
    const record = convert(fileSource('page', bytes), { encoding, evidence: true })
    expect(record.coverage.unaccounted_chars).toBe(0)
    return record
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return null
  }
}

function cpu(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

describe.each(Object.entries(HOSTILE_PAGES))('%s', (_, page) => {
  it('cost grows with size, not faster', { timeout: 120_000 }, () => {
    const bytes = (n: number) => Buffer.from(page(n))
    survive(bytes(20_000))
    // A quadratic stage would take sixteen times as long; the floor drowns the noise of small times.
    const costOf = (n: number) => Math.min(...[0, 0].map(() => cpu(() => survive(bytes(n)))))
    expect(costOf(160_000) / Math.max(costOf(40_000), 40)).toBeLessThan(10)
  })
})

const cases = readCases()

it('every fixture, cut at many places, is read or refused', () => {
  for (const { source } of cases)
    for (let i = 1; i < 20; i++) survive(source.bytes.subarray(0, Math.floor((source.bytes.length * i) / 20)))
})

it('mutated pages are read or refused, and what is written is safe', () => {
  const seed = 20_260_102
  const next = random(seed)
  for (let i = 0; i < 1500; i++) {
    const { source } = cases[Math.floor(next() * cases.length)]!
    const record = survive(mutate(source.bytes, next))
    if (record && i % 20 === 0)
      for (const text of [toNdjson(record), toYaml(record)])
        expect(text, `seed ${seed}, page ${i}`).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]/)
  }
})

it('random bytes are refused or read', () => {
  const next = random(7)
  for (let i = 0; i < 300; i++)
    survive(Buffer.from(Array.from({ length: Math.floor(next() * 3000) }, () => Math.floor(next() * 256))))
})

const LABELS =
  'utf-8 ibm866 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-8-i iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 koi8-r koi8-u macintosh windows-874 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 x-mac-cyrillic gbk gb18030 big5 euc-jp iso-2022-jp shift_jis euc-kr replacement utf-16be utf-16le x-user-defined unicode-1-1-utf-8 csisolatin2 hz-gb-2312 cp936'
it.each(LABELS.split(' '))('the label %s, as meta, header and option', (label) => {
  const page = `<html><head><meta charset="${label}"></head><body><p>丁未然委员：</p><p>您提出的提案收悉，现答复如下：</p></body></html>`
  for (const bytes of [Buffer.from(page), Buffer.from([...Buffer.from(page), 0xff, 0x80, 0x1b, 0x24])]) {
    survive(bytes)
    try {
      convert({ ...fileSource('page', bytes), charset: label }, { encoding: null, evidence: false })
      convert(fileSource('page', bytes), { encoding: label, evidence: false })
    } catch (error) {
      expect(error).toBeInstanceOf(InputError)
    }
  }
})
