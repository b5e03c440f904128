// Prints the SHA-256 of the NDJSON of all fixtures, read in the given order: node tools/digest.js [reverse]
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { convert } from '../dist/convert.js'
import { InputError } from '../dist/diagnostics.js'
import { toNdjson } from '../dist/formats/json.js'
import { fileSource } from '../dist/input/source.js'

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))
const slugs = readdirSync(fixtures).sort()
if (process.argv[2] === 'reverse') slugs.reverse()

const lines = new Map()
for (const slug of slugs) {
  const name = readdirSync(join(fixtures, slug)).find((file) => file.startsWith('page.'))
  try {
    const source = fileSource(`${slug}/${name}`, readFileSync(join(fixtures, slug, name)))
    lines.set(slug, toNdjson(convert(source, { encoding: null, evidence: true })))
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    lines.set(slug, `${error.code}\n`)
  }
}
const text = [...lines.keys()]
  .sort()
  .map((slug) => lines.get(slug))
  .join('')
console.log(createHash('sha256').update(text).digest('hex'))
