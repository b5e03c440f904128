import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WARCParser } from 'warcio'
import type { ReplyRecord } from '../../src/record.ts'
import { type Portal, startPortal } from '../../tools/portal/index.js'
import { ROOT } from '../cases.ts'
import { runDafu } from '../run-dafu.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ replies: 12 })
})
afterAll(() => portal.stop())

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dafu-'))
  portal.clearLog()
  portal.robots('User-agent: *\nDisallow: /private/\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

async function dafu(...argv: string[]) {
  const { exit, out, err } = await runDafu(argv, { isTTY: true, now: () => new Date() })
  const records = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReplyRecord)
  return { exit, out, err, records }
}

const FAST = ['--delay', '0', '--retries', '0', '--allow-private']
const prefix = () => join(folder, 'kept')
const crawl = (column: string, ...more: string[]) =>
  dafu('crawl', column, '--warc', prefix(), '-f', 'ndjson', ...FAST, ...more)
const wanted = (column: keyof Portal['columns']) =>
  portal.replies.filter((reply) => reply.column === portal.columns[column])
const pathsAsked = () => portal.log.map(({ host, path }) => host + path)
const withoutSource = ({ source: _, ...record }: ReplyRecord) => record
const warcs = () => readdirSync(folder).filter((name) => name.endsWith('.warc.gz'))

describe.each(['siteserver', 'trs', 'inline', 'hanweb', 'generic'] as const)(
  'the column in the shape of %s',
  (column) => {
    it('gives every reply once, in the order of the lists, and nothing else', async () => {
      const { exit, records, err } = await crawl(portal.columns[column])
      expect(records.map(({ source }) => source.url)).toEqual(wanted(column).map(({ url }) => url))
      expect(records.map(({ reply }) => reply.case_numbers.join())).toEqual(wanted(column).map(({ number }) => number))
      expect(err).toContain('0 failed')
      expect(exit).toBe(0)
      expect(new Set(pathsAsked()).size).toBe(pathsAsked().length)
    })
    it('--list-only gives the whole titles and the dates', async () => {
      const { out, exit } = await crawl(portal.columns[column], '--list-only')
      const links = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { url: string; title: string; date: string })
      expect(links.map(({ url, title, date }) => ({ url, title, date }))).toEqual(
        wanted(column).map(({ url, title, date }) => ({ url, title, date })),
      )
      expect(exit).toBe(0)
    })
    it('the WARC gives the same records', async () => {
      const live = await crawl(portal.columns[column])
      const kept = await dafu('parse', ...warcs().map((name) => join(folder, name)), '-f', 'ndjson')
      expect(kept.records.map(withoutSource)).toEqual(live.records.map(withoutSource))
    })
  },
)

it('a column is found by its folder too', async () => {
  const { records } = await crawl(`${portal.base}/zwgk/jytabl/bljggk/`)
  expect(records).toHaveLength(wanted('trs').length)
})
it('several columns give each reply once', async () => {
  const { records } = await dafu(
    'crawl',
    portal.columns.siteserver,
    `${portal.base}/channels/11960_2.html`,
    portal.columns.hanweb,
    '--warc',
    prefix(),
    ...FAST,
  )
  expect(records).toHaveLength(wanted('siteserver').length + wanted('hanweb').length)
})

describe('what is wanted', () => {
  it('--since and --until, by the dates of the list; older pages are not read', async () => {
    const dates = wanted('siteserver').map(({ date }) => date)
    const [since, until] = [dates[3]!, dates[1]!]
    const { records } = await crawl(portal.columns.siteserver, '--since', since, '--until', until)
    const expected = wanted('siteserver').filter(({ date }) => date >= since && date <= until)
    expect(records.map(({ source }) => source.url)).toEqual(expected.map(({ url }) => url))
    expect(pathsAsked().filter((path) => path.includes('/channels/')).length).toBeLessThan(4)
  })
  it('--max', async () => {
    expect((await crawl(portal.columns.siteserver, '--max', '2')).records).toHaveLength(2)
  })
  it('--pages', async () => {
    await crawl(portal.columns.siteserver, '--pages', '2')
    expect(pathsAsked().filter((path) => path.includes('/channels/'))).toHaveLength(2)
  })
  it('--all takes the notices too', async () => {
    const { out } = await crawl(portal.columns.siteserver, '--all', '--list-only')
    expect(out.trim().split('\n').length).toBeGreaterThan(wanted('siteserver').length)
    expect(out).not.toMatch(/javascript|mailto|\.pdf|logout/)
  })
  it.each([
    ['--since', '2021'],
    ['--until', '2021-13-01'],
    ['--delay', '-1'],
    ['--refresh', 'now'],
  ])('%s %s is wrong usage', async (option, value) => {
    expect((await crawl(portal.columns.siteserver, `${option}=${value}`)).exit).toBe(2)
  })
  it('no address is wrong usage', async () => {
    expect((await dafu('crawl')).exit).toBe(2)
    expect((await dafu('crawl', 'page.html')).exit).toBe(2)
    expect((await dafu('fetch', 'page.html')).exit).toBe(2)
    expect((await dafu('fetch')).exit).toBe(2)
    expect((await crawl(portal.columns.siteserver, '--list-only', '-o', 'x')).exit).toBe(2)
  })
})

describe('what goes wrong', () => {
  it('a page that robots.txt forbids is a failure, the rest goes on', async () => {
    const [first] = wanted('siteserver')
    portal.robots(`User-agent: *\nDisallow: ${new URL(first!.url).pathname}\n`)
    const { exit, records, err } = await crawl(portal.columns.siteserver)
    expect(exit).toBe(1)
    expect(records).toHaveLength(wanted('siteserver').length - 1)
    expect(err).toContain('fetch.robots')
    expect(pathsAsked()).not.toContain(`127.0.0.1${new URL(first!.url).pathname}`)
  })
  it('a list page that fails is a failure, and is asked again by the next run', async () => {
    portal.answer('/channels/11960_2.html', (_request, response) => response.writeHead(500).end('no'))
    const first = await crawl(portal.columns.siteserver)
    portal.answer('/channels/11960_2.html', null)
    expect(first.exit).toBe(1)
    expect(first.err).toContain('11960_2.html: fetch.server_error')
    portal.clearLog()
    const second = await crawl(portal.columns.siteserver)
    expect(second.exit).toBe(0)
    expect(second.records).toHaveLength(wanted('siteserver').length)
    expect(pathsAsked()[0]).toBe('127.0.0.1/channels/11960_2.html')
    expect(pathsAsked().filter((path) => path.includes('/contents/'))).toHaveLength(
      wanted('siteserver').length - first.records.length,
    )
  })
  it.each([412, 503])('a reply that is refused once with %i is asked again by the next run', async (status) => {
    const { pathname } = new URL(wanted('siteserver')[1]!.url)
    portal.answer(pathname, (_request, response) => response.writeHead(status).end('no'))
    const first = await crawl(portal.columns.siteserver)
    portal.answer(pathname, null)
    expect(first.exit).toBe(1)
    portal.clearLog()
    const second = await crawl(portal.columns.siteserver)
    expect(second.exit).toBe(0)
    expect(pathsAsked()).toEqual([`127.0.0.1${pathname}`])
  })
  it('a page without links to replies says so', async () => {
    const { exit, err } = await crawl(`${portal.base}/bad/none`)
    expect(exit).toBe(3)
    expect(err).toContain('crawl.no_links')
  })
  it('a list behind a challenge says so', async () => {
    const { exit, err } = await crawl(`${portal.base}/bad/challenge-412`)
    expect(exit).toBe(3)
    expect(err).toContain('page.challenge')
  })
  it('a pager without end is left', async () => {
    portal.answer('/endless', (request, response) => {
      const page = Number(new URL(request.url!, 'http://a').searchParams.get('page') ?? 1)
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          `<ul><li><a href="/contents/11960/1.html">关于市政协会议第0001号提案的答复</a> <span>2024-01-01</span></li></ul><a href="?page=${page + 1}">下一页</a>`,
        )
    })
    await crawl(`${portal.base}/endless`)
    portal.answer('/endless', null)
    expect(pathsAsked().filter((path) => path.includes('/endless')).length).toBeLessThan(10)
  })
  it('a pager without end and without replies is left too', async () => {
    portal.answer('/news', (request, response) => {
      const page = Number(new URL(request.url!, 'http://a').searchParams.get('page') ?? 1)
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<a href="/n/${page}.html">我区召开第${page}次会议</a><a href="?page=${page + 1}">下一页</a>`)
    })
    const { err } = await crawl(`${portal.base}/news`)
    portal.answer('/news', null)
    expect(err).toContain('crawl.no_links')
    expect(pathsAsked().filter((path) => path.includes('/news')).length).toBeLessThan(60)
  })
  it('a column whose first page shows what another has given goes on', async () => {
    const list = (numbers: number[], next: string) =>
      `<ul>${numbers.map((n) => `<li><a href="/c/${n}.html">关于市政协会议第000${n}号提案的答复</a> <span>2024-01-0${n}</span></li>`).join('')}</ul>${next}`
    const answers: [string, string][] = [
      ['/a', list([1, 2], '')],
      ['/b', list([1, 2], '<a href="/b2">下一页</a>')],
      ['/b2', list([3], '')],
    ]
    for (const [path, body] of answers)
      portal.answer(path, (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(body))
    const { out, err } = await dafu(
      'crawl',
      `${portal.base}/a`,
      `${portal.base}/b`,
      '--list-only',
      '--warc',
      prefix(),
      ...FAST,
    )
    for (const [path] of answers) portal.answer(path, null)
    expect(out.trim().split('\n')).toHaveLength(3)
    expect(err).toBe('')
  })
  it('a title reaches standard output without signs that drive a terminal', async () => {
    portal.answer('/esc', (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html;charset=utf-8' })
        .end('<li><a href="/c/1.html">关于\u009b31m第1号提案的答复</a><span>2024-01-01</span></li>'),
    )
    const { out } = await crawl(`${portal.base}/esc`, '--list-only')
    portal.answer('/esc', null)
    expect(out).toContain('\\u009b31m')
  })
  it('a path that is no UTF-8 names no file', async () => {
    const { status } = spawnSync(
      process.execPath,
      [join(ROOT, 'bin/dafu.js'), 'crawl', 'http://127.0.0.1:1/zw/%CC%E1%B0%B8/', '--retries', '0', '-q'],
      { cwd: folder },
    )
    expect(status).toBe(3)
  })
})

describe('another run', () => {
  it('asks with conditions; what is unchanged is a revisit, and its record comes all the same', async () => {
    const page = readFileSync(join(ROOT, 'fixtures/siteserver--settings-line/page.html'))
    const list = '<ul><li><a href="/kept.html">关于市政协会议第0001号提案的答复</a> <span>2024-01-01</span></li></ul>'
    portal.answer('/list', (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(list))
    portal.answer('/kept.html', (request, response) => {
      const isKnown = request.headers['if-none-match'] === '"1"'
      response.writeHead(isKnown ? 304 : 200, { etag: '"1"', 'content-type': 'text/html' }).end(isKnown ? '' : page)
    })
    const first = await crawl(`${portal.base}/list`)
    const second = await crawl(`${portal.base}/list`)
    const third = await crawl(`${portal.base}/list`, '--refresh', 'always')
    portal.clearLog()
    const fourth = await crawl(`${portal.base}/list`, '--refresh', 'never')
    expect(pathsAsked()).toEqual([])
    for (const later of [second, third, fourth])
      expect(later.records.map(withoutSource)).toEqual(first.records.map(withoutSource))
    const text = gunzipSync(readFileSync(`${prefix()}-00000.warc.gz`)).toString('latin1')
    const revisits = [...text.matchAll(/WARC-Type: revisit[\s\S]*?WARC-Profile: (\S+)/g)].map(([, profile]) => profile)
    expect(revisits).toEqual([
      expect.stringContaining('identical-payload-digest'),
      expect.stringContaining('server-not-modified'),
      expect.stringContaining('identical-payload-digest'),
      expect.stringContaining('identical-payload-digest'),
    ])
    const kept = await dafu('parse', `${prefix()}-00000.warc.gz`, '-f', 'ndjson')
    expect(kept.records.map(withoutSource)).toEqual(first.records.map(withoutSource))
    portal.answer('/list', null)
    portal.answer('/kept.html', null)
  })
  it('a changed page gives its new record', async () => {
    const page = readFileSync(join(ROOT, 'fixtures/siteserver--settings-line/page.html'), 'utf8')
    let text = page
    portal.answer('/page.html', (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', etag: `"${text.length}"` }).end(text),
    )
    const get = () => dafu('fetch', `${portal.base}/page.html`, '--warc', prefix(), '-f', 'ndjson', ...FAST)
    const first = await get()
    text = page.replace('</p>', '。</p>')
    const second = await get()
    portal.answer('/page.html', null)
    expect(second.records[0]!.id).not.toBe(first.records[0]!.id)
  })
  it('what fails again and again holds up one run only', async () => {
    const { pathname } = new URL(wanted('siteserver')[1]!.url)
    portal.answer(pathname, (_request, response) => response.writeHead(500).end('no'))
    const asked: number[] = []
    for (let run = 0; run < 3; run++) {
      portal.clearLog()
      await crawl(portal.columns.siteserver)
      asked.push(portal.log.length)
    }
    portal.answer(pathname, null)
    expect(asked).toEqual([17, 1, 16])
  })
  it.each<[string, (name: string) => void]>([
    ['gone', (name) => rmSync(name)],
    ['cut short', (name) => truncateSync(name, 3000)],
  ])('a WARC that is %s is asked for again, and what is left of it stays', async (_, spoil) => {
    const first = await crawl(portal.columns.siteserver)
    spoil(`${prefix()}-00000.warc.gz`)
    const size = existsSync(`${prefix()}-00000.warc.gz`) ? readFileSync(`${prefix()}-00000.warc.gz`).length : null
    const second = await crawl(portal.columns.siteserver)
    expect(second.records.map(withoutSource)).toEqual(first.records.map(withoutSource))
    if (size !== null) expect(readFileSync(`${prefix()}-00000.warc.gz`)).toHaveLength(size)
    expect(existsSync(`${prefix()}-00001.warc.gz`)).toBe(true)
  })
  it.each<[string, string]>([
    ['kept-00003.warc.gz', 'anything'],
    ['kept-00000.warc.gz', 'longer than what was kept '.repeat(100_000)],
  ])('%s, which the journal does not know, is left alone', async (name, content) => {
    await crawl(portal.columns.siteserver, '--max', '1')
    writeFileSync(join(folder, name), content)
    const { exit, err } = await crawl(portal.columns.siteserver)
    expect(exit).toBe(4)
    expect(err).toContain('away')
    expect(readFileSync(join(folder, name), 'utf8')).toBe(content)
  })
  it.each(['null', '5', '{}', '{"url":"http://a/"}', '', 'x'])(
    'a journal with the line %s is refused by name',
    async (line) => {
      writeFileSync(`${prefix()}.journal.ndjson`, `${line}\n`)
      const { exit, err } = await crawl(portal.columns.siteserver)
      expect(exit).toBe(4)
      expect(err).toContain('line 1 of')
    },
  )
  it('a 304 that nobody asked for is no page, and is not believed', async () => {
    const page = readFileSync(join(ROOT, 'fixtures/siteserver--settings-line/page.html'))
    let count = 0
    portal.answer('/304.html', (request, response) => {
      const isKnown = count++ === 0 || request.headers['if-none-match'] !== undefined
      response.writeHead(isKnown ? 304 : 200, { etag: '"x"', 'content-type': 'text/html' }).end(isKnown ? '' : page)
    })
    const get = () => dafu('fetch', `${portal.base}/304.html`, '--warc', prefix(), '-f', 'ndjson', ...FAST)
    expect((await get()).exit).toBe(3)
    expect((await get()).exit).toBe(0)
    portal.answer('/304.html', null)
  })
  it('--retry-errors asks for an address with ! as it is', async () => {
    portal.answer('/a!b.html', (_request, response) => response.writeHead(500).end())
    const errors = join(folder, 'errors')
    await dafu('fetch', `${portal.base}/a!b.html`, '--errors', errors, ...FAST)
    portal.clearLog()
    await dafu('parse', '--retry-errors', errors, ...FAST)
    portal.answer('/a!b.html', null)
    expect(pathsAsked()).toContain('127.0.0.1/a!b.html')
  })
  it('two runs into one place: the second is refused', async () => {
    writeFileSync(join(folder, '.kept.lock'), JSON.stringify({ pid: 1, host: 'elsewhere' }))
    const { exit, err } = await crawl(portal.columns.siteserver)
    expect(exit).toBe(4)
    expect(err).toContain('another run')
    for (const command of ['crawl', 'fetch']) {
      const argv = [join(ROOT, 'bin/dafu.js'), command, portal.columns.siteserver, '--warc', prefix(), '-q']
      expect(spawnSync(process.execPath, argv, { timeout: 10_000 }).status, command).toBe(4)
    }
  })
})

describe('the WARC', () => {
  it('is read by warcio: digests hold, every response has its request and metadata', async () => {
    await crawl(portal.columns.trs)
    const types: string[] = []
    for (const name of warcs()) {
      const parser = new WARCParser(
        (async function* () {
          yield new Uint8Array(readFileSync(join(folder, name)))
        })(),
      )
      for await (const record of parser) {
        types.push(record.warcType!)
        const bytes = await record.readFully(false)
        const length = Number(record.warcHeaders.headers.get('Content-Length'))
        expect(bytes.length).toBeLessThanOrEqual(length)
      }
    }
    const count = (type: string) => types.filter((one) => one === type).length
    expect(count('warcinfo')).toBe(1)
    expect(count('response')).toBe(portal.log.length)
    expect(count('request')).toBe(portal.log.length)
    expect(count('metadata')).toBe(portal.log.length)
  })
  it('holds the proof of its records', async () => {
    const { out } = await crawl(portal.columns.siteserver, '--warc-size', '10000')
    const records = join(folder, 'records.ndjson')
    writeFileSync(records, out)
    const against = warcs().flatMap((name) => ['--against', join(folder, name)])
    const { exit, err } = await dafu('verify', records, ...against)
    expect({ exit, err: err.split('\n').at(-2) }).toEqual({ exit: 0, err: 'dafu: every value holds (records: 12)' })
    const some = await dafu('verify', records, ...against.slice(0, 2))
    expect(some.err).toContain('records of other pages, not compared: ')
  })
  it('rolls over by size', async () => {
    const { records } = await crawl(portal.columns.siteserver, '--warc-size', '10000')
    expect(warcs().length).toBeGreaterThan(2)
    const kept = await dafu('parse', ...warcs().map((name) => join(folder, name)), '-f', 'ndjson')
    expect(kept.records.map(withoutSource)).toEqual(records.map(withoutSource))
  })
  it('without a name stands beside the caller, named for host and column', () => {
    const { status } = spawnSync(
      process.execPath,
      [join(ROOT, 'bin/dafu.js'), 'crawl', 'http://127.0.0.1:1/zwgk/bljggk/index_2.html', '--retries', '0', '-q'],
      { cwd: folder },
    )
    expect(status).toBe(3)
    expect(existsSync(join(folder, '127.0.0.1-bljggk.journal.ndjson'))).toBe(true)
  })
})

describe('a run that was killed', () => {
  const start = () =>
    spawn(
      process.execPath,
      [join(ROOT, 'bin/dafu.js'), 'crawl', portal.columns.trs, '--warc', prefix(), ...FAST, '--delay', '0.02', '-q'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
  const finish = async (child: ReturnType<typeof start>) => {
    let out = ''
    for await (const chunk of child.stdout) out += chunk
    return out
  }
  const recordsOf = (out: string) =>
    out
      .trim()
      .split('\n')
      .map((line) => withoutSource(JSON.parse(line)))

  it('goes on where it was: no page is asked twice, none is missed', async () => {
    let kills = 0
    for (const answers of [1, 4, 5, 4]) {
      const child = start()
      const target = portal.log.length + answers
      while (child.exitCode === null && portal.log.filter(({ endedAt }) => endedAt !== null).length < target)
        await new Promise((resolve) => setTimeout(resolve, 2))
      if (child.kill('SIGKILL')) kills++
      await finish(child)
    }
    const out = await finish(start())
    expect(kills).toBe(4)
    // The page that was on its way when the run was killed may be asked once more.
    expect(pathsAsked().length).toBeLessThanOrEqual(new Set(pathsAsked()).size + kills)
    expect(recordsOf(out)).toHaveLength(wanted('trs').length)
    const kept = await dafu('parse', ...warcs().map((name) => join(folder, name)), '-f', 'ndjson')
    expect(kept.records.map(withoutSource)).toEqual(recordsOf(out))
  }, 60_000)

  it('Ctrl-C ends a long pause at once', async () => {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'bin/dafu.js'), 'crawl', portal.columns.trs, '--warc', prefix(), '--delay', '60', '-q'],
      { stdio: ['ignore', 'ignore', 'ignore'] },
    )
    while (!portal.log.some(({ endedAt }) => endedAt !== null)) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGINT')
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130)
    expect(portal.log.length).toBeLessThan(3)
  }, 20_000)

  it('cuts off what the journal does not vouch for', async () => {
    const first = await crawl(portal.columns.siteserver, '--max', '3')
    const journal = `${prefix()}.journal.ndjson`
    truncateSync(journal, readFileSync(journal).length - 20)
    const second = await crawl(portal.columns.siteserver)
    expect(second.records.slice(0, 3).map(withoutSource)).toEqual(first.records.map(withoutSource))
    const kept = await dafu('parse', `${prefix()}-00000.warc.gz`, '-f', 'ndjson')
    expect(kept.records.map(withoutSource)).toEqual(second.records.map(withoutSource))
  })
})
