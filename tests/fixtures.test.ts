import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { convert } from '../src/convert.ts'
import { InputError } from '../src/diagnostics.ts'
import { readRecords } from '../src/formats/read.ts'
import { toYaml } from '../src/formats/yaml.ts'
import { type Block, recordSchema } from '../src/record.ts'
import { type Case, plain, readCases } from './cases.ts'

const validate = new Ajv2020({ strict: false }).compile(recordSchema())

function outcome({ source }: Case) {
  try {
    return { record: convert(source, plain), error: null }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { record: null, error }
  }
}

/** What the id of a block says of its place. */
function placeOf(id: string) {
  const steps = id.split('.')
  const parent = steps.length === 1 ? null : steps.slice(0, -1).join('.')
  return { parent, level: steps.length === 1 && id.startsWith('p') ? 0 : steps.length }
}

const row = ({ id, role, marker, heading, heading_end, text }: Block) => [id, role, marker, heading, heading_end, text]

describe.each(readCases())('$slug', (one) => {
  const { truth, golden } = one
  const { record, error } = outcome(one)

  it('says what it shows', () => {
    expect(truth.shows).toMatch(/\S.*\.$/)
  })

  it('ends as the truth says', () => {
    expect(error?.code ?? null).toBe(truth.error ?? null)
  })

  it('holds the truth, field by field', () => {
    expect(record ?? {}).toMatchObject(truth.record ?? {})
  })

  it.runIf(truth.blocks)('has the blocks of the truth, character by character', () => {
    expect(record?.blocks.map(row)).toEqual(truth.blocks)
    for (const { id, parent, level } of record?.blocks ?? []) expect({ parent, level }).toEqual(placeOf(id))
  })

  it.runIf(record)('has no items but those of the truth', () => {
    const items = (record?.blocks ?? []).flatMap((block) =>
      block.items.length > 0 ? [[block.id, block.items.map(({ marker, text }) => [marker, text])]] : [],
    )
    expect(Object.fromEntries(items)).toEqual(truth.items ?? {})
  })

  it.runIf(truth.diagnostics)('says what the truth says, no more', () => {
    expect(record?.diagnostics.map(({ code }) => code)).toEqual(truth.diagnostics)
  })

  it.runIf(truth.removed)('removes what the truth says', () => {
    const chars = Object.fromEntries((record?.removed ?? []).map(({ kind, chars }) => [kind, chars]))
    expect(chars).toMatchObject(truth.removed ?? {})
  })

  it('equals its golden record', () => {
    const now = record
      ? toYaml({ ...record, generator: { name: 'dafu', version: '0.0.0' } })
      : toYaml({ error: { code: error!.code, message: error!.message } })
    expect(golden, 'no expected.yaml: run npm run case').not.toBeNull()
    expect(now).toBe(golden)
  })

  it.runIf(record)('has a golden record that validates and reads back the same', () => {
    const [read] = readRecords(golden!)
    expect(validate(read), JSON.stringify(validate.errors)).toBe(true)
    expect(read).toEqual({ ...record, generator: { name: 'dafu', version: '0.0.0' } })
  })
})
