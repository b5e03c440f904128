import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './cases.ts'

/** Who may import whom; a folder, or a file of src by its name. */
const MAY_IMPORT: { readonly [part: string]: readonly string[] | 'all' } = {
  terms: [],
  record: ['terms'],
  version: [],
  diagnostics: ['record'],
  text: [],
  line: ['text'],
  profiles: ['record'],
  input: ['record', 'terms', 'diagnostics', 'text'],
  page: ['profiles', 'record', 'diagnostics', 'line', 'text'],
  letter: ['record', 'diagnostics', 'line', 'text'],
  formats: ['record'],
  proof: ['page', 'letter', 'record', 'terms', 'text'],
  convert: ['input', 'page', 'letter', 'proof', 'record', 'terms', 'diagnostics', 'version'],
  files: [],
  fetch: ['input', 'page', 'files', 'diagnostics', 'version'],
  check: ['batch', 'files', 'convert', 'input', 'record'],
  batch: ['convert', 'files', 'formats', 'input', 'record', 'diagnostics', 'version'],
  cli: 'all',
  index: ['convert', 'diagnostics', 'input', 'record'],
}

/** Each library has one door. */
const DOORS: { readonly [library: string]: string } = {
  commander: 'cli/program.ts',
  chalk: 'cli/messages.ts',
  'cli-progress': 'cli/progress.ts',
  'fastest-levenshtein': 'cli/program.ts',
  'iconv-lite': 'input/',
  yauzl: 'input/archives/zip.ts',
  picomatch: 'input/operands.ts',
  yaml: 'formats/',
  parse5: 'page/',
  'css-select': 'page/dom.ts',
  undici: 'fetch/client.ts',
  'robots-parser': 'fetch/robots.ts',
  '@sinclair/typebox': 'record.ts',
}

const SRC = join(ROOT, 'src')
const files = (readdirSync(SRC, { recursive: true }) as string[])
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'))
const partOf = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '')
const IMPORT = /(?:^|\n)(?:import|export)\b[^;\n]*?(?:\n[^;]*?)?from '([^']+)'|import\('([^']+)'\)/g

const imports = files.flatMap((file) =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(IMPORT)].map((match) => ({ file, target: match[1] ?? match[2]! })),
)

it('finds the imports', () => {
  expect(imports.length).toBeGreaterThan(100)
})

describe.each(imports.filter(({ target }) => target.startsWith('.')))('$file → $target', ({ file, target }) => {
  const part = partOf(file)
  const to = partOf(join(file, '..', target).replaceAll('\\', '/'))
  it('is allowed', () => {
    const allowed = MAY_IMPORT[part]
    expect(allowed, `${part} is not in the table`).toBeDefined()
    expect(allowed === 'all' || part === to || allowed!.includes(to), `${part} may not import ${to}`).toBe(true)
  })
})

it('every library comes in by its door', () => {
  const libraries = imports.filter(({ target }) => !target.startsWith('.') && !target.startsWith('node:'))
  const strangers = libraries.filter(({ file, target }) => !file.startsWith(DOORS[target] ?? 'no door'))
  expect(strangers).toEqual([])
  expect(new Set(libraries.map(({ target }) => target))).toEqual(new Set(Object.keys(DOORS)))
})

it('convert and what it stands on know no disk, network, clock or console', () => {
  const pure = files.filter((file) =>
    ['text', 'line', 'page', 'letter', 'profiles', 'proof', 'convert', 'diagnostics'].includes(partOf(file)),
  )
  const impure =
    /node:(?:fs|net|http|https|child_process|worker_threads|os)\b|\bDate\.now|new Date\(\)|\bconsole\.|Math\.random|\bprocess\./
  expect(pure.filter((file) => impure.test(readFileSync(join(SRC, file), 'utf8')))).toEqual([])
})
