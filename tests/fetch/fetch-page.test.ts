import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { convert } from '../../src/convert.ts'
import { fetchPage } from '../../src/fetch/fetch-page.ts'
import { letterOf, pageOf, plain } from '../cases.ts'

const PAGE = pageOf(letterOf(['一、甲']))
const now = () => new Date('2026-01-02T03:04:05.678Z')

let server: Server
let base: string
let lastUserAgent: string | undefined
beforeAll(async () => {
  server = createServer((request, response) => {
    lastUserAgent = request.headers['user-agent']
    const path = new URL(request.url ?? '/', 'http://a').pathname
    const html = (body: Buffer | string, headers: { [name: string]: string } = {}) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body)
    const hops = /^\/hop\/(\d+)$/.exec(path)
    if (hops) response.writeHead(302, { location: hops[1] === '0' ? '/page' : `/hop/${Number(hops[1]) - 1}` }).end()
    else if (path === '/page') html(PAGE)
    else if (path === '/gbk') html(iconv.encode(PAGE, 'gbk'), { 'content-type': 'text/html; charset=GBK' })
    else if (path === '/gzip') html(gzipSync(PAGE), { 'content-encoding': 'gzip' })
    else if (path === '/br') html(brotliCompressSync(PAGE), { 'content-encoding': 'br' })
    else if (path === '/deflate') html(deflateSync(PAGE), { 'content-encoding': 'deflate' })
    else if (path === '/big') {
      response.writeHead(200, { 'content-type': 'text/html' })
      const chunk = Buffer.alloc(1 << 20, 0x20)
      const push = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', push)
      push()
    } else if (path === '/bomb') html(gzipSync(Buffer.alloc(64 << 20)), { 'content-encoding': 'gzip' })
    else if (path === '/reset') request.socket.destroy()
    else if (path === '/file') response.writeHead(302, { location: 'file:///etc/passwd' }).end()
    else response.writeHead(path === '/busy' ? 503 : 404).end('no')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const codeOf = (path: string) =>
  fetchPage(path.startsWith('http') || path.includes(':') ? path : `${base}${path}`, now).then(
    () => null,
    (error: { code: string; transient: boolean }) => [error.code, error.transient],
  )

it('fetches a page over a socket, with its address, time and charset', async () => {
  const source = await fetchPage(`${base}/gbk`, now)
  expect(source).toMatchObject({
    uri: `${base}/gbk`,
    url: `${base}/gbk`,
    urlFrom: 'fetch',
    retrievedAt: '2026-01-02T03:04:05Z',
    charset: 'GBK',
  })
  const record = convert(source, plain)
  expect(record.source.encoding).toMatchObject({ used: 'gb18030', decided_by: 'header' })
  expect(record.reply.case_numbers).toEqual(['0101'])
  expect(lastUserAgent).toMatch(/^dafu\/\d/)
})

it.each(['/gzip', '/br', '/deflate'])('%s is decompressed', async (path) => {
  expect(Buffer.from((await fetchPage(base + path, now)).bytes).toString()).toBe(PAGE)
})

it('follows five redirects and names the last address', async () => {
  expect((await fetchPage(`${base}/hop/4`, now)).url).toBe(`${base}/page`)
})

it('a password in the address reaches no record', async () => {
  const source = await fetchPage(`${base.replace('//', '//user:secret@')}/page`, now)
  expect(JSON.stringify({ uri: source.uri, url: source.url })).not.toContain('secret')
})

describe('what goes wrong', () => {
  it.each<[string, string, boolean]>([
    ['/hop/5', 'fetch.redirects', false],
    ['/none', 'fetch.http_status', false],
    ['/busy', 'fetch.server_error', true],
    ['/big', 'input.too_big', false],
    ['/bomb', 'input.too_big', false],
    ['/reset', 'fetch.network', true],
    ['/file', 'fetch.bad_url', false],
    ['ftp://a.invalid/', 'fetch.bad_url', false],
    ['http://127.0.0.1:1/', 'fetch.network', true],
  ])('%s is %s', async (path, code, transient) => {
    expect(await codeOf(path)).toEqual([code, transient])
  })
})
