import { parseAllDocuments } from 'yaml'
import { type ReplyRecord, recordSchema } from '../record.ts'

interface Schema {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: { readonly [key: string]: Schema }
  readonly required?: readonly string[]
  readonly items?: Schema
}

/**
 * Records from YAML, JSON or NDJSON text, what YAML leaves out restored. Throws when the text is none
 * of them, or a part of a record is no object or list where it must be one.
 */
export function readRecords(text: string): ReplyRecord[] {
  const values = readValues(text.replace(/^\ufeff/, ''))
  const schema = recordSchema() as Schema
  return values.map((value) => restore(value, schema) as ReplyRecord)
}

function readValues(text: string): unknown[] {
  const trimmed = text.trimStart()
  if (trimmed.startsWith('[')) return JSON.parse(text) as unknown[]
  if (trimmed.startsWith('{'))
    try {
      return [JSON.parse(text)]
    } catch {
      return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]))
    }
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors
    if (error) throw error
    return document.toJS() as unknown
  })
}

/** Puts back the members that YAML leaves out: null where null is allowed, `[]` for lists, objects of both. */
function restore(value: unknown, schema: Schema): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if ((schema.type === 'array' && !Array.isArray(value)) || (schema.properties !== undefined && !isObject))
    throw new TypeError('a part of the record has not the shape that the schema gives it')
  if (Array.isArray(value)) return schema.items ? value.map((member) => restore(member, schema.items!)) : value
  if (schema.properties === undefined || typeof value !== 'object' || value === null) return value
  const given = value as { [key: string]: unknown }
  const restored: { [key: string]: unknown } = {}
  for (const [key, member] of Object.entries(schema.properties)) {
    if (key in given) restored[key] = restore(given[key], member)
    else if (schema.required?.includes(key)) {
      const empty = emptyOf(member)
      if (empty !== undefined) restored[key] = empty
    }
  }
  for (const key of Object.keys(given)) if (!(key in restored)) restored[key] = given[key]
  return restored
}

function emptyOf(schema: Schema): unknown {
  if (schema.type === 'array') return []
  if (schema.properties !== undefined) return restore({}, schema)
  const allowsNull =
    schema.anyOf?.some(({ type }) => type === 'null') ?? (Array.isArray(schema.type) && schema.type.includes('null'))
  return allowsNull ? null : undefined
}
