import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { convert } from '../../src/convert.ts'
import { InputError } from '../../src/diagnostics.ts'
import { createFetcher, type Fetcher, type FetchOptions } from '../../src/fetch/fetcher.ts'
import { sourceOf } from '../../src/fetch/page.ts'
import { Store } from '../../src/fetch/store.ts'
import type { ReplyRecord } from '../../src/record.ts'
import { BAD_LETTER, type Portal, startPortal } from '../../tools/portal/index.js'
import { letterOf, pageOf, plain } from '../cases.ts'

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1')

let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ replies: 6 })
})
afterAll(() => portal.stop())

const fetchers: Fetcher[] = []
let warnings: string[] = []
beforeEach(() => {
  portal.clearLog()
  portal.robots('User-agent: *\nDisallow: /private/\n')
  warnings = []
})
afterEach(async () => {
  await Promise.all(fetchers.splice(0).map((fetcher) => fetcher.close()))
})

function open(options: Partial<FetchOptions> = {}): Fetcher {
  const fetcher = createFetcher({
    delay: 0,
    timeout: 3000,
    retries: 2,
    refresh: 'if-modified',
    from: null,
    ca: null,
    allowPrivate: false,
    hasProxy: false,
    now: () => new Date(),
    onWarning: (_address, code) => warnings.push(code),
    ...options,
  })
  fetchers.push(fetcher)
  return fetcher
}

const typed = { isTyped: true, via: null }
const linked = { isTyped: false, via: 'http://127.0.0.1/' }

async function recordAt(path: string, options?: Partial<FetchOptions>): Promise<ReplyRecord> {
  const page = await open(options).get(path.startsWith('http') ? path : portal.base + path, typed, null)
  return convert(sourceOf(path, page), plain)
}

const codeOf = async (path: string, options?: Partial<FetchOptions>) => {
  try {
    return (await recordAt(path, options)).reply.case_numbers.join()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.code
  }
}
const asked = (path: string) => portal.log.filter((entry) => entry.path === path).length

describe('a page on a bad day', () => {
  it.each([
    ['none', 'a plain answer'],
    ['gzip', 'gzip'],
    ['br', 'brotli'],
    ['deflate', 'deflate with its head'],
    ['deflate-raw', 'deflate without'],
    ['double-gzip', 'two codings'],
    ['wrong-charset', 'a header that lies'],
    ['wrong-charset-gbk', 'GBK under a header that says UTF-8'],
    ['no-charset', 'no charset anywhere'],
    ['no-charset-gbk', 'the same in GBK'],
    ['early-hints', 'an interim answer first'],
    ['keepalive-close', 'a connection that ends at once'],
    ['header-injection', 'odd bytes in headers'],
    ['set-cookie', 'a cookie'],
    ['redirect-good', 'a redirect'],
    ['flapping', '503 twice, then the page'],
    ['flapping-date', '503 with a date to come back'],
    ['too-many', '429 twice'],
  ])('%s: %s', async (name) => {
    expect(await codeOf(`/bad/${name}/${Math.random()}`)).toBe(BAD_LETTER.number)
  })

  it.each<[string, string]>([
    ['slow-body', 'fetch.timeout'],
    ['slow-headers', 'fetch.timeout'],
    ['truncated', 'fetch.network'],
    ['chunk-cut', 'fetch.network'],
    ['reset', 'fetch.network'],
    ['reset-mid', 'fetch.network'],
    ['redirect-loop', 'fetch.redirects'],
    ['redirect-endless', 'fetch.redirects'],
    ['redirect-metadata', 'fetch.private_address'],
    ['redirect-loopback', 'fetch.private_address'],
    ['redirect-canary', 'fetch.private_address'],
    ['redirect-mapped', 'fetch.private_address'],
    ['redirect-decimal', 'fetch.private_address'],
    ['redirect-localhost', 'fetch.private_address'],
    ['redirect-file', 'fetch.bad_url'],
    ['cookie-loop', 'fetch.redirects'],
    ['gzip-bomb', 'input.too_big'],
    ['endless', 'input.too_big'],
    ['busy-always', 'fetch.server_error'],
    ['soft-404', 'page.error_page'],
    ['challenge-412', 'page.challenge'],
    ['challenge-521', 'page.challenge'],
    ['challenge-200', 'page.challenge'],
    ['login', 'page.login'],
    ['forbidden', 'fetch.forbidden'],
    ['gone', 'fetch.not_found'],
    ['not-found', 'fetch.not_found'],
    ['gzip-damaged', 'fetch.damaged'],
    ['big-headers', 'fetch.damaged'],
  ])('%s is %s', async (name, code) => {
    const before = portal.canary.hits
    expect(await codeOf(`/bad/${name}`, { retries: 0, timeout: 1500 })).toBe(code)
    expect(portal.canary.hits).toBe(before)
  })

  it('a compressed body that is cut short is read, with a warning', async () => {
    const whole = gzipSync(pageOf(letterOf(['一、甲', '二、乙'])), { level: 0 })
    portal.answer('/cut', (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(whole.subarray(0, -20)),
    )
    const { diagnostics } = await recordAt('/cut')
    expect(diagnostics.map(({ code }) => code)).toContain('archive.truncated')
  })
  it('a circle of redirects is named', async () => {
    await expect(open().get(`${portal.base}/bad/redirect-loop`, typed, null)).rejects.toThrow(
      /circle: .*redirect-loop → .*redirect-loop-b/,
    )
  })
  it('redirects to private addresses are followed with --allow-private', async () => {
    await codeOf('/bad/redirect-canary', { allowPrivate: true, retries: 0 })
    expect(portal.canary.hits).toBeGreaterThan(0)
  })
  it.each(['ftp://a.invalid/', 'file:///etc/passwd', 'x'])('%s is no address', async (address) => {
    await expect(open().get(address, typed, null)).rejects.toMatchObject({ code: 'fetch.bad_url' })
  })
  it('a host that nobody answers for is a transient failure', async () => {
    await expect(open({ retries: 0 }).get('http://127.0.0.1:1/', typed, null)).rejects.toMatchObject({
      code: 'fetch.network',
      transient: true,
    })
  })
  it('bytes that are no HTTP are damage', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('hello\r\n\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await expect(open({ retries: 0 }).get(`http://127.0.0.1:${port}/`, typed, null)).rejects.toMatchObject({
      code: 'fetch.damaged',
    })
    server.close()
  })
})

describe('retries', () => {
  it('obey Retry-After', async () => {
    const path = `/bad/flapping/${Math.random()}`
    expect(await codeOf(path)).toBe(BAD_LETTER.number)
    const tries = portal.log.filter((entry) => entry.path === path)
    expect(tries.map(({ status }) => status)).toEqual([503, 503, 200])
    expect(tries[1]!.startedAt - tries[0]!.endedAt!).toBeGreaterThanOrEqual(990)
    expect(tries[2]!.startedAt - tries[1]!.endedAt!).toBeGreaterThanOrEqual(990)
  })
  it('end at their number', async () => {
    expect(await codeOf('/bad/reset', { retries: 1 })).toBe('fetch.network')
    expect(asked('/bad/reset')).toBe(2)
  })
  it('are spared where the server asks to come back another day', async () => {
    expect(await codeOf('/bad/busy-always')).toBe('fetch.server_error')
    expect(asked('/bad/busy-always')).toBe(1)
  })
  it('are spared where no other answer can be hoped for', async () => {
    for (const name of ['not-found', 'forbidden', 'challenge-412', 'challenge-521']) {
      await codeOf(`/bad/${name}`)
      expect(asked(`/bad/${name}`), name).toBe(1)
    }
  })
  it('a host that answers three times with a wall is left in peace', async () => {
    const fetcher = open()
    for (const n of [1, 2, 3]) await fetcher.get(`${portal.base}/bad/challenge-412/${n}`, typed, null)
    await expect(fetcher.get(`${portal.base}/bad/none`, typed, null)).rejects.toMatchObject({
      code: 'fetch.host_paused',
    })
    expect(asked('/bad/none')).toBe(0)
  })
})

describe('manners', () => {
  it('never two requests at once to a host, and the pauses promised', async () => {
    const fetcher = open({ delay: 60 })
    await Promise.all(
      [1, 2, 3, 4, 5].flatMap((n) =>
        [portal.base, portal.sister].map((host) => fetcher.get(`${host}/bad/none/${n}`, typed, null)),
      ),
    )
    for (const host of ['127.0.0.1', '127.0.0.2']) {
      const entries = portal.log.filter((entry) => entry.host === host)
      expect(entries).toHaveLength(6)
      expect(Math.max(...entries.map((entry) => entry.open))).toBe(1)
      for (let i = 1; i < entries.length; i++)
        expect(entries[i]!.startedAt - entries[i - 1]!.endedAt!).toBeGreaterThanOrEqual(59)
    }
  })
  it('Crawl-delay is obeyed where it is longer', async () => {
    portal.robots('User-agent: *\nCrawl-delay: 0.3\n')
    const fetcher = open({ delay: 10 })
    for (const n of [1, 2]) await fetcher.get(`${portal.base}/bad/none/${n}`, typed, null)
    const [, first, second] = portal.log
    expect(second!.startedAt - first!.endedAt!).toBeGreaterThanOrEqual(299)
  })
  it('says who asks', async () => {
    await open({ from: 'archive@example.org' }).get(`${portal.base}/bad/none`, typed, null)
    const { headers } = portal.log.at(-1)!
    expect(headers['user-agent']).toMatch(/^dafu\/\d/)
    expect(headers.from).toBe('archive@example.org')
    expect(headers.cookie).toBeUndefined()
  })
  it('robots.txt is asked for once, before the page', async () => {
    const fetcher = open()
    for (const n of [1, 2]) await fetcher.get(`${portal.base}/bad/none/${n}`, typed, null)
    expect(portal.log.map(({ path }) => path)).toEqual(['/robots.txt', '/bad/none/1', '/bad/none/2'])
  })

  it.each<[string, Parameters<Portal['robots']>[0], string | null]>([
    ['a rule for all', 'User-agent: *\nDisallow: /bad/', 'fetch.robots'],
    ['a rule for dafu', 'User-agent: dafu\nDisallow: /bad/\n\nUser-agent: *\nAllow: /', 'fetch.robots'],
    ['a rule for others', 'User-agent: other\nDisallow: /', null],
    ['the longer rule', 'User-agent: *\nDisallow: /bad\nAllow: /bad/none', null],
    ['an escape that needs none', 'User-agent: *\nDisallow: /b%61d/', 'fetch.robots'],
    ['rules of no people', `User-agent: *\nDisallow: /${'*'.repeat(100_000)}x`, null],
    ['a byte order mark', '\ufeffUser-agent: *\nDisallow: /bad/', 'fetch.robots'],
    ['nothing', '', null],
    ['404', { status: 404, body: 'User-agent: *\nDisallow: /' }, null],
    ['403', { status: 403, body: '' }, null],
    ['503', { status: 503, body: '' }, 'fetch.robots_unreachable'],
    ['429', { status: 429, body: '' }, 'fetch.robots_unreachable'],
    ['a page of HTML', { body: '<!DOCTYPE html><html><body>页面不存在</body></html>' }, 'fetch.robots_unreachable'],
    ['no answer', { body: '', delayMs: 5000 }, 'fetch.robots_unreachable'],
  ])(
    'robots.txt with %s',
    async (_, answer, code) => {
      portal.robots(answer)
      const fetcher = open({ retries: 0, timeout: 700 })
      // The host is one that the user named; the link is not.
      await fetcher.get(`${portal.base}/channels/11960.html`, typed, null)
      expect(warnings).toEqual(code === 'fetch.robots_unreachable' ? [code] : [])
      const link = fetcher.get(`${portal.base}/bad/none`, linked, null)
      if (code === null) expect((await link).status).toBe(200)
      else await expect(link).rejects.toMatchObject({ code })
      warnings = []
      await fetcher.get(`${portal.base}/bad/none`, typed, null)
      expect(warnings).toEqual(code === null ? [] : [code])
    },
    10_000,
  )
})

describe('links to private addresses', () => {
  it.skipIf(!hasIpv6)('a host typed as an IPv6 address may be private', async () => {
    const six = await startPortal({ hosts: ['::1'], replies: 1 })
    expect((await open().get(`http://[::1]:${six.port}/bad/none`, typed, null)).status).toBe(200)
    await six.stop()
  })
  it('are refused, but for the host that the user typed', async () => {
    const fetcher = open()
    await fetcher.get(`${portal.base}/bad/none`, typed, null)
    expect((await fetcher.get(`${portal.base}/bad/none/2`, linked, null)).status).toBe(200)
    const link = fetcher.get(`${portal.sister}/bad/none`, linked, null)
    await expect(link).rejects.toMatchObject({ code: 'fetch.private_address' })
  })
  it('a name that resolves to one is refused when the socket connects', async () => {
    const link = open().get(`http://localhost:${portal.port}/bad/none`, linked, null)
    await expect(link).rejects.toMatchObject({ code: 'fetch.private_address' })
  })
})

describe('names and passwords', () => {
  it('of two addresses of a host, each gets its own', async () => {
    const fetcher = open()
    const [one, two] = ['user:one', 'us%ff:two'].map((who) => portal.base.replace('//', `//${who}@`))
    await Promise.all([`${one}/bad/none/1`, `${two}/bad/none/2`].map((address) => fetcher.get(address, typed, null)))
    const sent = (path: string) => portal.log.find((entry) => entry.path === path)!.headers.authorization
    expect(sent('/bad/none/1')).toBe(`Basic ${btoa('user:one')}`)
    expect(sent('/bad/none/2')).toBe(`Basic ${btoa('us%ff:two')}`)
  })
  it('go to the host they were typed for, and nowhere else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dafu-'))
    portal.answer('/away', (_request, response) =>
      response.writeHead(302, { location: `${portal.sister}/bad/set-cookie` }).end(),
    )
    const store = new Store(join(folder, 'x'), 1e9)
    const address = `${portal.base.replace('//', '//user:hunter2@')}/away`
    const page = await open({ allowPrivate: true }).get(address, typed, store)
    store.close()
    portal.answer('/away', null)
    const sent = (path: string) => portal.log.find((entry) => entry.path === path)!.headers.authorization
    expect(sent('/away')).toBe(`Basic ${Buffer.from('user:hunter2').toString('base64')}`)
    expect(sent('/bad/set-cookie')).toBeUndefined()
    expect(page.url).toBe(`${portal.sister}/bad/set-cookie`)
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name))
      const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
      expect(text).not.toMatch(/hunter2|aHVudGVyMg|user:|dXNlcj|authorization|cookie:/i)
    }
    rmSync(folder, { recursive: true })
  })
})
