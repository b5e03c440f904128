import { describe, expect, it } from 'vitest'
import { convert } from '../src/convert.ts'
import { InputError } from '../src/diagnostics.ts'
import { countVisible } from '../src/text/stretch.ts'
import { type Case, readCases } from './cases.ts'

function recordOf({ source }: Case) {
  try {
    return convert(source, { encoding: null, evidence: true })
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

const records = readCases().flatMap((one) => {
  const record = recordOf(one)
  return record ? [{ slug: one.slug, record }] : []
})

describe.each(records)('$slug', ({ record }) => {
  const evidence = record.evidence!
  const points = [...evidence.text]
  const slice = (start: number | null, end: number | null) => points.slice(start ?? 0, end ?? 0).join('')

  it('accounts for every visible character', () => {
    const { visible_chars, block_chars, field_chars, removed_chars, unaccounted_chars } = record.coverage
    expect(unaccounted_chars).toBe(0)
    expect(block_chars + field_chars + removed_chars).toBe(visible_chars)
    expect(countVisible(evidence.text)).toBe(visible_chars)
    expect(record.removed.reduce((sum, { chars }) => sum + chars, 0)).toBe(removed_chars)
  })

  it('a block is its printed line, character for character', () => {
    const lines = new Set(evidence.text.split('\n'))
    for (const { marker, heading, heading_end, text } of record.blocks)
      expect(lines).toContain(`${marker ?? ''}${heading ?? ''}${heading_end ?? ''}${text ?? ''}`)
  })

  it('the evidence of a block spells it', () => {
    for (const { pointer, start, end } of evidence.spans) {
      const [, index, key] = /^\/blocks\/(\d+)\/(\w+)$/.exec(pointer) ?? []
      if (index === undefined) continue
      expect(slice(start, end)).toBe((record.blocks[Number(index)] as { [key: string]: unknown })[key!])
    }
  })

  it('every value of the reply that is not null has a span', () => {
    const pointers = evidence.spans.map(({ pointer }) => pointer)
    for (const [key, value] of Object.entries(record.reply)) {
      if (value === null || key === 'kind' || key === 'form' || key.endsWith('_from')) continue
      if (Array.isArray(value) && value.length === 0) continue
      if (key === 'assembly' && record.reply.assembly.name === null) continue
      if (key === 'replying_body' && record.reply.replying_body_from === 'publisher') continue
      expect(
        pointers.some((pointer) => pointer.startsWith(`/reply/${key}`)),
        key,
      ).toBe(true)
    }
  })

  it('the removed stretches stand where they say', () => {
    for (const { start, end, text } of evidence.removed) if (start !== null) expect(slice(start, end)).toBe(text)
  })

  it('lines are whole and trimmed', () => {
    for (const line of evidence.text.split('\n')) {
      expect(line).not.toBe('')
      expect(line).toBe(line.replace(/^[\s\u200b-\u200d\u2060\ufeff]+|[\s\u200b-\u200d\u2060\ufeff]+$/g, ''))
    }
  })

  it('ids are unique, parents come before their children', () => {
    const seen = new Set<string>()
    for (const { id, parent } of record.blocks) {
      expect(seen.has(id)).toBe(false)
      if (parent !== null) expect(seen.has(parent)).toBe(true)
      seen.add(id)
    }
  })
})
