// Writes the generated part of docs/record.md from the schema: npm run docs
import { readFileSync, writeFileSync } from 'node:fs'
import { recordSchema } from '../dist/record.js'

const FILE = new URL('../docs/record.md', import.meta.url)
const START = '<!-- fields: made by npm run docs -->'

/** The rows of a schema's properties, dotted names, lists marked by []. */
function* rows(schema, path = '') {
  for (const [key, member] of Object.entries(schema.properties ?? {})) {
    const name = path === '' ? key : `${path}.${key}`
    yield [name, typeOf(member), member.description ?? '']
    if (member.properties) yield* rows(member, name)
    else if (member.items?.properties) yield* rows(member.items, `${name}[]`)
  }
}

function typeOf(schema) {
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum) return schema.enum.map((value) => (value === null ? 'null' : `\`${value}\``)).join(', ')
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.type === 'array') return `list of ${schema.items.properties ? 'objects' : typeOf(schema.items)}`
  return schema.type
}

const table = [...rows(recordSchema())].map((row) => `| \`${row[0]}\` | ${row[1]} | ${row[2]} |`).join('\n')
const text = readFileSync(FILE, 'utf8')
const head = text.slice(0, text.indexOf(START))
const made = `${head}${START}\n\n| Field | Type | Meaning |\n|---|---|---|\n${table}\n`
if (process.argv[2] === '--check') process.exitCode = made === text ? 0 : 1
else writeFileSync(FILE, made)
