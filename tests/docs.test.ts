import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { afterAll, describe, expect, it } from 'vitest'
import { EXIT } from '../src/cli/io.ts'
import { createProgram } from '../src/cli/program.ts'
import { DIAGNOSTIC_CODES, INPUT_ERROR_CODES } from '../src/diagnostics.ts'
import { type Portal, startPortal } from '../tools/portal/index.js'
import { FIXTURES, ROOT, readCases } from './cases.ts'

const PAGES = [
  'README.md',
  'README.zh.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
]
/** Their commands run in order in a folder of their own, and ask an invented portal. */
const GUIDES = ['docs/archivists.md', 'docs/cli.md', 'docs/pipelines.md']
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8')

const shims = mkdtempSync(join(tmpdir(), 'dafu-bin-'))
symlinkSync(join(ROOT, 'bin/dafu.js'), join(shims, 'dafu'))
afterAll(() => rmSync(shims, { recursive: true }))

interface Example {
  readonly page: string
  readonly command: string
  /** The lines that the page shows. */
  readonly output: readonly string[]
  readonly exit: number
}

/**
 * The commands of a page's console blocks: `$ ` begins one, `> ` goes on with it, `# exit 1` behind what it prints is its
 * exit code, where that is not 0.
 */
const examplesOf = (page: string): Example[] =>
  [...textOf(page).matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const lines = example.trimEnd().split('\n')
        const end = lines.findIndex((line, i) => i > 0 && !line.startsWith('> '))
        const [first, ...more] = end < 0 ? lines : lines.slice(0, end)
        const command = [first, ...more.map((line) => line.slice(2))].join('\n')
        const shown = end < 0 ? [] : lines.slice(end)
        const exit = /^# exit (\d+)$/.exec(shown.at(-1) ?? '')?.[1]
        return { page, command, output: exit ? shown.slice(0, -1) : shown, exit: Number(exit ?? 0) }
      }),
  )

/** What is shown as a pattern: … stands for anything on a line; alone on it, for any lines. */
const patternOf = (output: readonly string[]) =>
  new RegExp(`^${output.map((line) => (line === '…' ? '(?:.*\n)*?' : `${quote(line)}\n`)).join('')}$`)
const quote = (line: string) => line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')

const examples = PAGES.filter((page) => !GUIDES.includes(page)).flatMap(examplesOf)

it('there are examples', () => {
  expect(examples.length).toBeGreaterThan(4)
})

describe.each(examples)('$page: $command', ({ command, output, exit }) => {
  it('prints what the page shows', () => {
    const { stdout, stderr, status } = spawnSync('sh', ['-c', command.replace(/^npm ci && /, '')], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${shims}:${process.env.PATH}` },
    })
    expect({ stderr, status }).toEqual({ stderr: '', status: exit })
    expect(stdout).toMatch(patternOf(output))
  })
})

/** The disk of saved pages in the folder of a guide, and the fixtures that they are. */
const DISK = {
  'binhai/0427.html': 'siteserver--settings-line',
  'binhai/index.html': 'siteserver--list',
  'old/12.htm': 'table-layout--gbk',
  'saved/walled.html': 'generic--short-letter',
  'tjgov/t20230815_6390001.html': 'trs--unset-date',
}
const WALLED = '/walled/1.html'
const SITE = 'www.example.gov.cn'

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dafu-guide-'))
  for (const [name, slug] of Object.entries(DISK)) {
    const page = readFileSync(join(FIXTURES, slug, 'page.html'))
    // As Chrome writes it into the pages that it saves.
    const mark = name === 'saved/walled.html' ? `<!-- saved from url=(0040)https://${SITE}${WALLED} -->\n` : ''
    mkdirSync(dirname(join(folder, 'disk', name)), { recursive: true })
    writeFileSync(join(folder, 'disk', name), Buffer.concat([Buffer.from(mark), page]))
  }
  return folder
}

/** The portal of a guide: in trouble when it is first asked for one of its replies, and with a page behind a wall. */
async function openPortal(): Promise<Portal> {
  const portal = await startPortal({ hosts: ['127.0.0.1'], replies: 6 })
  let asked = 0
  portal.answer('/contents/11960/518604.html', (_request, response) => {
    if (asked++ > 0) return false
    response.writeHead(503, { 'retry-after': '86400' }).end()
  })
  portal.answer(WALLED, (_request, response) => response.writeHead(412).end('<script>$_ts={}</script>'))
  return portal
}

/** `dafu` without its pauses between requests. */
const quickShims = mkdtempSync(join(tmpdir(), 'dafu-bin-'))
const call = `exec '${process.execPath}' '${join(ROOT, 'bin/dafu.js')}' "$@"`
writeFileSync(join(quickShims, 'dafu'), `#!/bin/sh\ncase $1 in fetch | crawl) ${call} --delay 0 ;; esac\n${call}\n`, {
  mode: 0o755,
})
afterAll(() => rmSync(quickShims, { recursive: true }))

/** Runs a command; gives what a terminal would show, and the exit code. */
async function show(command: string, folder: string, portal: Portal): Promise<{ shown: string; exit: number | null }> {
  const local = command.replaceAll(`https://${SITE}`, portal.base).replaceAll(SITE, '127.0.0.1')
  const child = spawn('sh', ['-c', `exec 2>&1\n${local}`], {
    cwd: folder,
    env: { PATH: `${quickShims}:${process.env.PATH}`, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const shown = (await text(child.stdout)).replaceAll('\r\n', '\n')
  return { shown: shown.replaceAll(portal.base, `https://${SITE}`).replaceAll('127.0.0.1', SITE), exit: await ended }
}

describe.concurrent('guides', () => {
  it.each(GUIDES)(
    '%s shows what its commands print',
    async (page) => {
      const steps = examplesOf(page)
      expect(steps.length).toBeGreaterThan(4)
      const folder = makeFolder()
      const portal = await openPortal()
      try {
        for (const { command, output, exit } of steps) {
          const result = await show(command, folder, portal)
          expect(result.shown, command).toMatch(patternOf(output))
          expect(result.exit, command).toBe(exit)
        }
      } finally {
        await portal.stop()
        rmSync(folder, { recursive: true })
      }
    },
    120_000,
  )
  it.each(GUIDES)('%s says what its folder holds', (page) => {
    for (const name of Object.keys(DISK)) expect(textOf(page)).toContain(`\`${name}\``)
  })
})

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

describe('docs/cli.md', () => {
  const sections = new Map(
    textOf('docs/cli.md')
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section]),
  )
  const program = createProgram(
    {} as never,
    () => {},
    () => {},
  )
  const commands: [title: string, command: Command][] = [
    ['dafu', program],
    ...program.commands.map((command): [string, Command] => [`dafu ${command.name()}`, command]),
  ]
  /** The rows of the options in a section and in the shared tables that it names, by their first cell. */
  function rowsOf(title: string): Map<string, string> {
    const section = sections.get(title) ?? ''
    const shared = [...section.matchAll(/\(#(options-[a-z-]+)\)/g)].map(
      ([, anchor]) => [...sections].find(([name]) => name.toLowerCase().replaceAll(' ', '-') === anchor)?.[1] ?? '',
    )
    const rows = [section, ...shared].flatMap((part) => [...part.matchAll(/^\| (`-[\w-][^|]*) \|(.*)$/gm)])
    return new Map(rows.map(([, option, rest]) => [option!, rest!]))
  }
  const cellOf = (flags: string) =>
    flags
      .split(', ')
      .map((flag) => `\`${flag.replace(/<(.+)>/, (_, name: string) => name.toUpperCase())}\``)
      .join(', ')

  it('has a section for every command, and for no other', () => {
    const titles = [...sections.keys()].filter((title) => title.startsWith('dafu'))
    expect(titles.toSorted()).toEqual(commands.map(([title]) => title).toSorted())
  })
  it.each(commands)('%s: every option of --help, with its default and its choices, and no other', (title, command) => {
    const rows = rowsOf(title)
    const options = command.createHelp().visibleOptions(command)
    expect([...rows.keys()].toSorted()).toEqual(options.map(({ flags }) => cellOf(flags)).toSorted())
    for (const { flags, description, argChoices, defaultValue } of options) {
      const row = rows.get(cellOf(flags))!
      const value = defaultValue ?? /\(default: ([^)]+)\)/.exec(description)?.[1]
      if (value !== undefined) expect(row.split('|')[0], flags).toMatch(new RegExp(`(?:^| |\`)${value}(?:\`| |$)`))
      for (const choice of argChoices ?? []) expect(row, flags).toContain(`\`${choice}\``)
    }
  })
  it.each(commands.slice(1))('%s: its arguments', (title, command) => {
    for (const { name } of command.registeredArguments.map((argument) => ({ name: argument.name() })))
      expect(sections.get(title)).toMatch(new RegExp(`^\`dafu .*${name}`, 'm'))
  })
  it('names every exit code', () => {
    for (const code of Object.values(EXIT))
      expect(sections.get('Exit codes')).toMatch(new RegExp(`^\\| ${code}\\b`, 'm'))
  })
  it.each(GUIDES)('%s names no option that does not exist', (page) => {
    const known = new Set(commands.flatMap(([, command]) => command.options.map(({ long }) => long)))
    const prose = textOf(page).replace(/```[\s\S]*?```/g, '')
    for (const [, code] of prose.matchAll(/`([^`\n]+)`/g))
      for (const [option] of code!.matchAll(/(?<![\w-])--[a-z-]+/g)) expect([...known, '--help']).toContain(option)
  })
})
