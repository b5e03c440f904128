import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
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
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ManifestLine } from '../../src/batch/manifest.ts'
import { letterOf, pageOf, ROOT } from '../cases.ts'

const BIN = join(ROOT, 'bin/dafu.js')
const LIST = readFileSync(join(ROOT, 'fixtures/siteserver--list/page.html'), 'utf8')
const page = (i: number) => pageOf(letterOf([`一、第${i}件已办结。`, '二、继续推进。']))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dafu-'))
  mkdirSync(join(folder, 'in'))
  for (let i = 0; i < 40; i++)
    writeFileSync(join(folder, `in/${String(i).padStart(2, '0')}.html`), i % 10 === 7 ? LIST : page(i))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string) => join(folder, name)
const run = (argv: string[]) =>
  spawnSync(process.execPath, [BIN, ...argv], { cwd: folder, encoding: 'utf8', timeout: 60_000 })
const linesOf = <T>(text: string) => text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]))
const manifestOf = (name: string) => linesOf<ManifestLine>(readFileSync(at(name), 'utf8'))
const ended = (child: ChildProcess) =>
  new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  )

/** Every file below a folder with its content. */
function filesOf(name: string): Record<string, string> {
  const root = at(name)
  return Object.fromEntries(
    (
      readdirSync(root, { recursive: true, withFileTypes: true }) as {
        parentPath: string
        name: string
        isFile(): boolean
      }[]
    )
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]),
  )
}

describe('order', () => {
  it('is that of the inputs whatever --jobs', () => {
    const one = run(['in', '-q'])
    expect(one.status).toBe(1)
    expect(linesOf<{ source: { uri: string } }>(one.stdout).map(({ source }) => source.uri)).toHaveLength(36)
    for (const jobs of ['2', '4']) expect(run(['in', '-q', '-j', jobs]).stdout).toBe(one.stdout)
  })

  it('any split of the inputs gives the same records', () => {
    const names = readdirSync(at('in')).map((name) => `in/${name}`)
    const split = [names.slice(0, 13), names.slice(13)].map((part) => run([...part, '-q', '-j', '2']).stdout)
    expect(split.join('')).toBe(run(['in', '-q']).stdout)
  })
})

describe('an output folder', () => {
  it('mirrors the inputs, a record a file', () => {
    expect(run(['in', '-o', 'out/', '-q']).status).toBe(1)
    const files = filesOf('out')
    expect(Object.keys(files)).toHaveLength(36)
    expect(JSON.parse(files['in/00.html.json']!)).toMatchObject({ source: { uri: 'in/00.html' } })
  })

  it('does not follow links out of itself', () => {
    mkdirSync(at('out'))
    mkdirSync(at('elsewhere'))
    symlinkSync(at('elsewhere'), at('out/in'))
    const { status, stderr } = run(['in', '-o', 'out/'])
    expect(status).toBe(4)
    expect(stderr).toContain('is a link or a file')
    expect(readdirSync(at('elsewhere'))).toEqual([])
  })
})

describe('an output', () => {
  /** A run at its second input, for which it waits; `mark` is a file that it makes on the way. */
  const waiting = async (argv: readonly string[], mark: string) => {
    const pipe = at('wait')
    spawnSync('mkfifo', [pipe])
    const child = spawn(process.execPath, [BIN, 'in/00.html', pipe, ...argv], { cwd: folder })
    const end = ended(child)
    for (let i = 0; i < 200 && !existsSync(at(mark)); i++) await new Promise((resolve) => setTimeout(resolve, 25))
    return { pid: child.pid, finish: () => writeFileSync(pipe, page(1)), end }
  }

  it.each([
    ['a folder', ['-o', 'out/'], ['-o', 'out/'], '.out.lock'],
    ['a file', ['-o', 'out.ndjson'], ['-o', 'out.ndjson'], '.out.ndjson.lock'],
    ['a manifest', ['-o', 'a/', '--manifest', 'm'], ['-o', 'b/', '--manifest', 'm'], '.m.lock'],
  ])('belongs to one run at a time: %s', async (_, argv, others, lock) => {
    const first = await waiting(argv, lock)
    const second = run(['in', ...others])
    expect({ status: second.status, stderr: second.stderr }).toMatchObject({ status: 4 })
    expect(second.stderr).toContain(`another run (process ${first.pid}`)
    expect(second.stderr).toContain(`remove ${lock}`)
    first.finish()
    expect(await first.end).toMatchObject({ code: 0 })
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual([])
  })

  it('that can not be put in its place is named, and nothing half-written stays', async () => {
    const first = await waiting(['-o', 'out.ndjson'], '.out.ndjson.part')
    mkdirSync(at('out.ndjson'))
    first.finish()
    expect(await first.end).toMatchObject({ code: 4 })
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

describe('manifest', () => {
  it('is refused before the work when it can not be a file', () => {
    const { status, stderr } = run(['in', '-o', 'out.ndjson', '--manifest', 'in'])
    expect({ status, stderr }).toEqual({ status: 4, stderr: expect.stringContaining('the output in is not a file') })
    expect(existsSync(at('out.ndjson'))).toBe(false)
  })

  it('lists every input with its proof', () => {
    run(['in', '-o', 'out.ndjson', '--manifest', 'm.ndjson', '-q'])
    const lines = manifestOf('m.ndjson')
    expect(lines).toHaveLength(40)
    const output = readFileSync(at('out.ndjson'))
    for (const line of lines)
      if (line.status === 'ok') {
        const start = line.output_offset!
        const record = JSON.parse(output.subarray(start, start + line.output_bytes!).toString()) as { id: string }
        expect(record.id).toBe(line.record)
        expect(`sha256:${line.sha256}`).toBe(line.record)
      } else expect(line).toMatchObject({ error: { code: 'page.list' }, output: null })
  })

  it.each([['out.ndjson'], ['out/']])(
    'a killed run that is resumed ends as if it had not been: -o %s',
    async (output) => {
      const names = Array.from({ length: 400 }, (_, i) => `in/${String(i % 40).padStart(2, '0')}.html`)
      for (let i = 40; i < 400; i++) writeFileSync(at(`in/x${i}.html`), page(i))
      run(['in', '-o', output, '--manifest', 'm.ndjson', '-q'])
      const whole = {
        manifest: readFileSync(at('m.ndjson'), 'utf8'),
        out: output === 'out/' ? filesOf('out') : readFileSync(at('out.ndjson'), 'utf8'),
      }
      rmSync(at('m.ndjson'))
      rmSync(at(output), { recursive: true })
      expect(names.length).toBe(400)
      for (const delay of [250, 350, 450]) {
        const child = spawn(process.execPath, [BIN, 'in', '-o', output, '--manifest', 'm.ndjson', '--resume', '-q'], {
          cwd: folder,
        })
        const end = ended(child)
        setTimeout(() => child.kill('SIGKILL'), delay)
        await end
      }
      expect(run(['in', '-o', output, '--manifest', 'm.ndjson', '--resume', '-q']).status).toBe(1)
      expect(readFileSync(at('m.ndjson'), 'utf8')).toBe(whole.manifest)
      expect(output === 'out/' ? filesOf('out') : readFileSync(at('out.ndjson'), 'utf8')).toEqual(whole.out)
      expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
    },
  )

  it('--resume does again what has changed: the page, the record, the options', () => {
    const argv = ['in', '-o', 'out/', '--manifest', 'm.ndjson', '--resume']
    run(argv)
    expect(run(argv).stderr).toContain('40 done before')
    writeFileSync(at('in/00.html'), page(99))
    writeFileSync(at('out/in/01.html.json'), '{}')
    expect(run(argv).stderr).toContain('38 done before')
    expect(readFileSync(at('out/in/01.html.json'), 'utf8')).toContain('dafu/1')
    expect(run([...argv, '--evidence']).stderr).not.toContain('done before')
  })
})

describe.each(['out.ndjson', 'out/'])('verify --manifest of -o %s', (output) => {
  const verify = () => {
    const { status, stdout } = run(['verify', '--manifest', 'm.ndjson'])
    return { status, kinds: linesOf<{ kind: string }>(stdout).map(({ kind }) => kind) }
  }

  it('finds what changed, is missing, or extra', () => {
    run(['in', '-o', output, '--manifest', 'm.ndjson', '-q'])
    expect(verify()).toEqual({ status: 0, kinds: [] })
    writeFileSync(at('in/00.html'), page(50))
    rmSync(at('in/01.html'))
    if (output === 'out/') {
      writeFileSync(at('out/in/02.html.json'), '{}')
      rmSync(at('out/in/03.html.json'))
      writeFileSync(at('out/in/more.json'), '{}')
    } else
      writeFileSync(at(output), `${readFileSync(at(output), 'utf8').replace('第2件', '第9件')}{"schema":"dafu/1"}\n`)
    const outputs =
      output === 'out/' ? ['output_changed', 'output_missing', 'output_extra'] : ['output_changed', 'output_extra']
    expect(verify()).toEqual({ status: 1, kinds: ['input_changed', 'input_missing', ...outputs] })
  })
})

describe('failures', () => {
  it('--fail-fast and --max-errors stop with 4', () => {
    expect(run(['in', '--fail-fast', '-q'])).toMatchObject({ status: 4 })
    expect(linesOf(run(['in', '--max-errors', '1', '-q', '-j', '2']).stdout)).toHaveLength(16)
  })

  it('--retry-errors takes the ledger', () => {
    run(['in', '--errors', 'failed.ndjson', '-q'])
    writeFileSync(at('in/07.html'), page(7))
    const { status, stdout } = run(['--retry-errors', 'failed.ndjson', '-q'])
    expect(status).toBe(1)
    expect(linesOf<{ source: { uri: string } }>(stdout).map(({ source }) => source.uri)).toEqual(['in/07.html'])
  })

  it('a page that takes too long is one failure; its worker is replaced', () => {
    writeFileSync(at('in/20.html'), `<html><body>${'<p>一、甲</p><p>乙。</p>'.repeat(90_000)}</body></html>`)
    const { status, stdout, stderr } = run(['in', '--timeout-item', '0.4', '-j', '2', '--errors', 'failed.ndjson'])
    expect(status).toBe(1)
    expect(stderr).toContain('in/20.html: item.timeout')
    expect(linesOf(stdout)).toHaveLength(35)
  })

  it('a file that vanishes, or that may not be read, is named', () => {
    writeFileSync(at('list'), 'in/00.html\ngone.html\nin/01.html\n')
    const { status, stdout, stderr } = run(['--files-from', 'list', '-j', '2'])
    expect({ status, records: linesOf(stdout).length }).toEqual({ status: 1, records: 2 })
    expect(stderr).toContain('gone.html: input.not_found')
  })

  it.skipIf(process.getuid?.() === 0)('a folder that may not be written stops with its name', () => {
    mkdirSync(at('closed'))
    chmodSync(at('closed'), 0o500)
    expect(run(['in', '-o', 'closed/'])).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('closed') as string,
    })
  })
})

describe('interruption', () => {
  it('one SIGINT finishes what is at hand and says how to go on', async () => {
    for (let i = 40; i < 1500; i++) writeFileSync(at(`in/x${i}.html`), page(i))
    const child = spawn(process.execPath, [BIN, 'in', '-o', 'out.ndjson', '--manifest', 'm.ndjson'], { cwd: folder })
    const end = ended(child)
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk)
    })
    for (let i = 0; i < 400 && !existsSync(at('.m.ndjson.part')); i++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    child.kill('SIGINT')
    expect(await end).toMatchObject({ code: 130 })
    expect(stderr).toContain('--resume goes on from here')
    expect(existsSync(at('out.ndjson'))).toBe(false)
    expect(run(['in', '-o', 'out.ndjson', '--manifest', 'm.ndjson', '--resume', '-q']).status).toBe(1)
    expect(linesOf(readFileSync(at('out.ndjson'), 'utf8'))).toHaveLength(1496)
  })
})

it('--dry-run says what would be read and written, and writes nothing', () => {
  const { status, stdout } = run(['in', '-o', 'out/', '--dry-run'])
  expect(status).toBe(0)
  expect(linesOf<{ input: string }>(stdout)[0]).toEqual({
    input: 'in/00.html',
    would: 'read',
    output: 'out/in/00.html.json',
  })
  expect(existsSync(at('out'))).toBe(false)
})
