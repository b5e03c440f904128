import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { readRecords } from '../../src/formats/read.ts'
import { VERSION } from '../../src/version.ts'
import { letterOf, pageOf, ROOT } from '../cases.ts'
import { runDafu as dafu } from '../run-dafu.ts'

const PAGE = pageOf(letterOf(['一、甲', '二、乙']))
const LIST = readFileSync(join(ROOT, 'fixtures/siteserver--list/page.html'), 'utf8')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dafu-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string) => join(folder, name)
const put = (name: string, content: string | Uint8Array = PAGE) => {
  mkdirSync(join(at(name), '..'), { recursive: true })
  writeFileSync(at(name), content)
  return at(name)
}

describe('output', () => {
  it('one input is YAML, silent on stderr', async () => {
    const { exit, out, err } = await dafu([put('a.html')])
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(readRecords(out)).toHaveLength(1)
    expect(out).toMatch(/^schema: dafu\/1\n/)
  })

  it('the words parse and - are optional and usual', async () => {
    const page = put('a.html')
    expect((await dafu(['parse', page])).out).toBe((await dafu([page])).out)
    expect(readRecords((await dafu(['-'], { stdin: PAGE })).out)[0]?.source.uri).toBe('-')
    expect(readRecords((await dafu([], { stdin: PAGE })).out)[0]?.source.uri).toBe('-')
  })

  it('more inputs and folders are NDJSON in order', async () => {
    const inputs = [put('b.html'), put('a.html')]
    const { exit, out, err } = await dafu(inputs)
    expect(exit).toBe(0)
    expect(readRecords(out).map(({ source }) => source.uri)).toEqual(inputs)
    expect(err).toBe('dafu: 2 in · 2 ok · 0 failed\n')
    const lines = (await dafu([folder])).out.trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { source: { uri: string } }).source.uri)).toEqual([
      at('a.html'),
      at('b.html'),
    ])
  })

  it('-f json is one array, -f yaml documents', async () => {
    const inputs = [put('a.html'), put('b.html')]
    expect(JSON.parse((await dafu(['-f', 'json', ...inputs])).out)).toHaveLength(2)
    expect(JSON.parse((await dafu(['-f', 'json', inputs[0]!])).out)).toHaveLength(1)
    expect(parseAllDocuments((await dafu(['-f', 'yaml', ...inputs])).out)).toHaveLength(2)
  })

  it.each([
    ['out.json', '['],
    ['out.ndjson', '{'],
    ['out.jsonl', '{'],
    ['out.yml', 'schema'],
  ])('the ending of -o %s chooses the format', async (name, start) => {
    const { exit, out } = await dafu([put('a.html'), '-o', at(name)])
    expect({ exit, out }).toEqual({ exit: 0, out: '' })
    expect(readFileSync(at(name), 'utf8').startsWith(start)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['a.html', name])
  })

  it('--tree, --evidence and --url', async () => {
    const page = put('a.html')
    expect((await dafu(['--tree', page])).out).toContain('  - id: "1"\n')
    expect(readRecords((await dafu(['--evidence', page])).out)[0]?.evidence?.text).toContain('一、甲')
    const [record] = readRecords((await dafu(['--url', 'https://a.invalid/b.html', page])).out)
    expect(record?.source).toMatchObject({ url: 'https://a.invalid/b.html', url_from: 'caller' })
  })

  it('--encoding overrules', async () => {
    const page = put('a.html', iconv.encode(PAGE, 'gbk'))
    expect(readRecords((await dafu([page])).out)[0]?.source.encoding.decided_by).toBe('gb18030')
    expect(readRecords((await dafu(['--encoding', 'gbk', page])).out)[0]?.source.encoding.decided_by).toBe('caller')
  })
})

describe('failures', () => {
  it('a missing file: one line on stderr, nothing on stdout, exit 3', async () => {
    const { exit, out, err } = await dafu([at('none.html')])
    expect({ exit, out }).toEqual({ exit: 3, out: '' })
    expect(err).toBe(
      `dafu: error: ${at('none.html')}: input.not_found: There is no such file or folder. Try: check the name; quote names with blanks.\n`,
    )
  })

  it.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'input.empty'],
    ['binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), 'input.not_a_page'],
    ['zip', Buffer.from('PK\x03\x04'), 'archive.damaged'],
    ['list', LIST, 'page.list'],
  ])('a file that is %s', async (_, content, code) => {
    const { exit, out, err } = await dafu([put('a.html', content)])
    expect({ exit, out }).toEqual({ exit: 3, out: '' })
    expect(err).toContain(`: ${code}: `)
  })

  it('one bad input of several: the rest goes on, exit 1, the ledger names it', async () => {
    const inputs = [put('a.html'), put('list.html', LIST), put('b.html')]
    const { exit, out, err } = await dafu([...inputs, '--errors', at('errors.ndjson')])
    expect(exit).toBe(1)
    expect(readRecords(out)).toHaveLength(2)
    expect(err).toContain(`3 in · 2 ok · 1 failed · errors: ${at('errors.ndjson')}`)
    expect(JSON.parse(readFileSync(at('errors.ndjson'), 'utf8'))).toMatchObject({
      input: inputs[1],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      code: 'page.list',
      transient: false,
    })
  })

  it('nothing converted leaves no output file', async () => {
    const { exit } = await dafu([put('list.html', LIST), '-o', at('out.json')])
    expect(exit).toBe(3)
    expect(readdirSync(folder)).toEqual(['list.html'])
  })

  it('an output that cannot be written stops with 4', async () => {
    const { exit, err } = await dafu([put('a.html'), '-o', at('no/such/out.json')])
    expect(exit).toBe(4)
    expect(err).toMatch(/can't be written \(ENOENT\)/)
  })

  it('a folder without pages', async () => {
    put('x/data.csv', 'a,b')
    const { exit, err } = await dafu([at('x')])
    expect(exit).toBe(3)
    expect(err).toContain('input.no_pages')
    expect(err).toContain('1 in · 0 ok · 1 failed · 1 skipped')
  })

  it('a warning counts only under --strict', async () => {
    const page = put(
      'a.html',
      PAGE.replace('第0101号', '第0102号').replace('关于改善人居环境的提案', '关于改善人居环境的提案”（第0999号）“'),
    )
    const normal = await dafu([page])
    expect(normal.err).toMatch(/^dafu: warning: .*letter\.number_conflict/)
    expect(normal.exit).toBe(0)
    expect((await dafu(['--strict', page])).exit).toBe(1)
    expect((await dafu(['-q', page])).err).toBe('')
  })

  it('a closed pipe ends quietly', async () => {
    const { exit, err } = await dafu([put('a.html'), put('b.html')], { closeAfter: 1 })
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
  })

  it('names and messages never drive a terminal', async () => {
    const { err } = await dafu([at('\x1b[31mred\u202e.html')])
    expect(err).not.toMatch(/[\x1b\u202e]/)
    expect(err).toContain('\\x1b[31mred\\u202e.html')
  })
})

describe('folders', () => {
  it('are walked in order; companions and dot files are passed over, others counted', async () => {
    put('b/page.html')
    put('b/page_files/frame.html')
    put('a/text.txt', readFileSync(join(ROOT, 'fixtures/text--binhai-rendering/page.txt')))
    put('a/noending')
    put('a/.hidden.html')
    put('a/data.csv', 'x,y')
    symlinkSync(at('b'), at('link'))
    const { out, err } = await dafu([folder])
    expect(readRecords(out).map(({ source }) => source.uri.slice(folder.length))).toEqual([
      '/a/noending',
      '/a/text.txt',
      '/b/page.html',
    ])
    expect(err).toContain('3 in · 3 ok · 0 failed · 2 skipped')
  })
})

describe('lists, globs and names', () => {
  it('--files-from gives inputs a line each, or parted by NUL', async () => {
    const inputs = [put('b.html'), put('a b.html')]
    put('list.txt', `${inputs.join('\r\n')}\n\n`)
    put('list.nul', inputs.join('\0'))
    for (const argv of [
      ['--files-from', at('list.txt')],
      ['-0', '--files-from', at('list.nul')],
    ])
      expect(readRecords((await dafu(argv)).out).map(({ source }) => source.uri)).toEqual(inputs)
    expect(readRecords((await dafu(['--files-from', '-'], { stdin: inputs[0]! })).out)).toHaveLength(1)
    expect((await dafu(['--files-from', at('none')])).exit).toBe(2)
  })

  it('--include and --exclude choose files of folders', async () => {
    put('a/x.html')
    put('b/y.html')
    put('b/z.txt')
    const urisOf = async (...argv: string[]) =>
      readRecords((await dafu([folder, ...argv])).out).map(({ source }) => source.uri.slice(folder.length + 1))
    put('b/z.txt', readFileSync(join(ROOT, 'fixtures/text--binhai-rendering/page.txt')))
    expect(await urisOf('--include', '*.html')).toEqual(['a/x.html', 'b/y.html'])
    expect(await urisOf('--include', 'b/**')).toEqual(['b/y.html', 'b/z.txt'])
    expect(await urisOf('--exclude', 'b/**', '--exclude', '*.txt')).toEqual(['a/x.html'])
  })

  it.runIf(process.platform === 'linux')(
    'names that are no UTF-8 are opened by their bytes, printed as GB18030',
    async () => {
      const name = iconv.encode('答复.html', 'gb18030')
      const path = Buffer.concat([Buffer.from(`${folder}/`), name])
      writeFileSync(path, PAGE)
      expect(readRecords((await dafu([folder])).out)[0]?.source.uri).toBe(at('答复.html'))
      writeFileSync(at('list'), path)
      expect(readRecords((await dafu(['--files-from', at('list')])).out)[0]?.source.uri).toBe(at('答复.html'))
      expect(readRecords((await dafu([path.toString('utf8')])).out)[0]?.source.uri).toBe(at('答复.html'))
    },
  )

  it('--type overrules the detection', async () => {
    const page = put('a.html')
    expect((await dafu(['--type', 'warc', page])).err).toContain('archive.damaged')
  })

  it('a packed page is one input, YAML', async () => {
    const { out } = await dafu([put('a.html.gz', gzipSync(PAGE))])
    expect(out).toMatch(/^schema/)
    expect(readRecords(out)[0]?.source.uri).toBe(`${at('a.html.gz')}!a.html`)
  })

  it.each([
    [['--errors', 'a.html']],
    [['-o', 'a.html']],
    [['--manifest', 'a.html', '-o', 'out/']],
    [['-o', 'x', '--errors', 'x']],
  ])('no output may be an input or another output: %j', async (options) => {
    put('p/a.html')
    const named = options.map((word) => (word === 'a.html' ? at('p/a.html') : word.startsWith('-') ? word : at(word)))
    const { exit, err } = await dafu([at('p'), ...named])
    expect(exit).toBe(2)
    expect(err).toMatch(/is an input too|is named twice/)
    expect(readFileSync(at('p/a.html'), 'utf8')).toBe(PAGE)
  })

  it.each(['http:///user:secret@127.0.0.1:9/', 'ftp://user:secret@127.0.0.1/'])(
    '%s: its password is not printed',
    async (address) => {
      const { err } = await dafu([address, '--errors', at('failed.ndjson'), '--retries', '0'])
      expect(err + readFileSync(at('failed.ndjson'), 'utf8')).not.toContain('secret')
      expect((await dafu(['crawl', address.replace('http', 'ftp')])).err).not.toContain('secret')
    },
  )

  it('names and passwords in addresses are never printed', async () => {
    const { err } = await dafu(['http://user:secret@127.0.0.1:9/', '--errors', at('failed.ndjson')])
    expect(err + readFileSync(at('failed.ndjson'), 'utf8')).not.toContain('secret')
    expect(err).toContain('http://127.0.0.1:9/')
  })

  it('verify opens archives too', async () => {
    const packed = put('a.html.gz', gzipSync(PAGE))
    put('r.yaml', (await dafu([packed])).out)
    expect(await dafu(['verify', at('r.yaml'), '--against', packed])).toMatchObject({ exit: 0, out: '' })
    expect(await dafu(['verify', at('r.yaml'), '--against', put('a.html')])).toMatchObject({ exit: 0 })
  })
})

describe('usage', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown option', ['--formt', 'yaml'], /unknown option '--formt'[\s\S]*Did you mean --format\?/],
    ['a wrong choice', ['-f', 'xml'], /Allowed choices are yaml, json, ndjson/],
    ['an unknown encoding', ['--encoding', 'klingon', 'a.html'], /unknown encoding klingon/],
    ['--url with two inputs', ['--url', 'https://a.invalid/', 'a.html', 'b.html'], /one input only/],
    ['--url that is no address', ['--url', 'ftp://a.invalid/', 'a.html'], /no http or https address/],
    ['--resume without --manifest', ['--resume', '-o', 'out/', 'a.html'], /goes with --manifest and -o/],
  ])('%s exits with 2', async (_, argv, message) => {
    const argvWithPage = argv.map((word) => (word === 'a.html' ? put('a.html') : word))
    const { exit, out, err } = await dafu(argvWithPage)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toMatch(message)
  })

  it('no input on a terminal', async () => {
    const { exit, err } = await dafu([], { isTTY: true })
    expect(exit).toBe(2)
    expect(err).toContain('no input')
  })

  it('the output is an input', async () => {
    const page = put('a.html')
    expect((await dafu([page, '-o', page])).exit).toBe(2)
    expect(readFileSync(page, 'utf8')).toBe(PAGE)
  })

  it('a command misspelt is named', async () => {
    expect((await dafu(['schma'])).err).toContain('did you mean the command schema?')
  })

  it('--version and --help go to stdout', async () => {
    expect(await dafu(['--version'])).toEqual({ exit: 0, out: `${VERSION}\n`, err: '' })
    const help = await dafu(['--help'])
    expect(help.exit).toBe(0)
    expect(help.out).toContain('--evidence')
    expect(help.out).toContain('Examples:')
  })

  it('schema prints the JSON Schema', async () => {
    const { out } = await dafu(['schema'])
    expect(JSON.parse(out)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      additionalProperties: false,
    })
  })

  it('colour: always, never, NO_COLOR; stdout is never coloured', async () => {
    const missing = at('none.html')
    expect((await dafu(['--color', 'always', missing])).err).toContain('\x1b[31m')
    expect((await dafu(['--color', 'never', missing])).err).not.toContain('\x1b')
    expect((await dafu(['--color', 'always', put('a.html')])).out).not.toContain('\x1b')
  })
})

it('the version is that of package.json', () => {
  expect((JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version).toBe(VERSION)
})
