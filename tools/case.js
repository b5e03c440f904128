// Makes a fixture case, or renews the golden record of one: npm run case -- <slug> [<file>] | --all
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { convert } from '../dist/convert.js'
import { InputError } from '../dist/diagnostics.js'
import { toYaml } from '../dist/formats/yaml.js'
import { fileSource } from '../dist/input/source.js'

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url))
const SKELETON = `shows: ""
# Read the truth off the page, not off the output. See docs/fixtures.md.
record:
  page: {}
  reply: {}
# id, role, marker, heading, what closes it, text
blocks: []
`

const [slug, file] = process.argv.slice(2)
if (slug === undefined) {
  console.error('usage: npm run case -- <profile>--<what-it-shows> [<page>]   or: npm run case -- --all')
  process.exit(2)
}
if (file !== undefined) {
  const folder = join(FIXTURES, slug)
  mkdirSync(folder, { recursive: true })
  copyFileSync(file, join(folder, extname(file) === '.txt' ? 'page.txt' : 'page.html'))
  if (!existsSync(join(folder, 'case.yaml'))) writeFileSync(join(folder, 'case.yaml'), SKELETON)
}
for (const name of slug === '--all' ? readdirSync(FIXTURES).sort() : [slug]) writeGolden(join(FIXTURES, name))

function writeGolden(folder) {
  const page = ['page.html', 'page.txt'].find((name) => existsSync(join(folder, name)))
  writeFileSync(join(folder, 'expected.yaml'), golden(fileSource(page, readFileSync(join(folder, page)))))
}

function golden(source) {
  try {
    const record = convert(source, { encoding: null, evidence: false })
    return toYaml({ ...record, generator: { name: 'dafu', version: '0.0.0' } })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return toYaml({ error: { code: error.code, message: error.message } })
  }
}
