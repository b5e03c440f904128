import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DIAGNOSTIC_CODES, INPUT_ERROR_CODES } from '../src/diagnostics.ts'
import { ROOT, readCases } from './cases.ts'

const PAGES = [
  'README.md',
  'README.zh.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
]
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8')

const shims = mkdtempSync(join(tmpdir(), 'dafu-bin-'))
symlinkSync(join(ROOT, 'bin/dafu.js'), join(shims, 'dafu'))
afterAll(() => rmSync(shims, { recursive: true }))

/** The commands of the console blocks with the output that the page shows. */
const examples = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const [command, ...output] = example.trimEnd().split('\n')
        return { page, command: command!, output }
      }),
  ),
)

it('there are examples', () => {
  expect(examples.length).toBeGreaterThan(4)
})

describe.each(examples)('$page: $command', ({ command, output }) => {
  it('prints what the page shows', () => {
    const { stdout, stderr, status } = spawnSync('sh', ['-c', command.replace(/^npm ci && /, '')], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${shims}:${process.env.PATH}` },
    })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const pattern = output.map((line) => (line === '…' ? '(?:.*\n)*?' : `${quote(line)}\n`)).join('')
    expect(stdout).toMatch(new RegExp(`^${pattern}$`))
  })
})

/** A line as a pattern; … stands for anything on it. */
const quote = (line: string) => line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')

describe.each(PAGES)('%s', (page) => {
  it('has no broken link', () => {
    for (const [, target] of textOf(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
      expect(existsSync(join(ROOT, dirname(page), target!)), target).toBe(true)
  })
})

it('docs/record.md is made from the schema', () => {
  expect(spawnSync(process.execPath, [join(ROOT, 'tools/docs.js'), '--check']).status).toBe(0)
})

it('docs/diagnostics.md names every code, and no other', () => {
  const named = [...textOf('docs/diagnostics.md').matchAll(/^\| `([a-z]+\.[a-z0-9_]+)` /gm)].map(([, code]) => code)
  expect(named.toSorted()).toEqual([...DIAGNOSTIC_CODES, ...INPUT_ERROR_CODES].toSorted())
})

it('docs/diagnostics.md names fixtures that show the code', () => {
  const cases = new Map(readCases().map(({ slug, truth }) => [slug, truth]))
  for (const [, code, slug] of textOf('docs/diagnostics.md').matchAll(
    /^\| `([a-z]+\.[a-z0-9_]+)` .*\[([\w-]+)\]\(\.\.\/fixtures/gm,
  )) {
    const truth = cases.get(slug!)
    expect([truth?.error, ...(truth?.diagnostics ?? [])], `${slug} does not show ${code}`).toContain(code)
  }
})

it('docs/dependencies.md names every dependency', () => {
  const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: { [name: string]: string } }
  for (const name of Object.keys(dependencies)) expect(textOf('docs/dependencies.md')).toContain(`| ${name}`)
})
