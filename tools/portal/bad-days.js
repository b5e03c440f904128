import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { inventLetter } from './letters.js'
import { articles } from './shapes.js'

/** The reply that the bad pages hold, where they hold one. */
export const BAD_LETTER = inventLetter(500, new Date('2024-03-14'))
const PAGE = Buffer.from(articles.trs(BAD_LETTER))
const UTF8 = 'text/html; charset=utf-8'
const MB = 1 << 20

const send = (response, body, headers = {}, status = 200) =>
  response.writeHead(status, { 'content-type': UTF8, ...headers }).end(body)
const small = (response, status, words, headers = {}) =>
  send(response, `<html><head><title>${words}</title></head><body><p>${words}</p></body></html>`, headers, status)
const redirect = (response, location, headers = {}) => send(response, '', { location, ...headers }, 302)
const encoded =
  (encoding, bytes) =>
  ({ response }) =>
    send(response, bytes(), { 'content-encoding': encoding })
/** The page with a head that names another encoding, or none. */
const claiming = (meta) => PAGE.toString().replace('<meta charset="utf-8">', meta)

/** Sends a chunk again and again, as fast as the client takes it. */
function pour(response, chunk, times) {
  const push = () => {
    while (times > 0 && !response.destroyed) {
      times--
      if (!response.write(chunk)) return response.once('drain', push)
    }
    if (!response.destroyed) response.end()
  }
  push()
}

/** Does something in a while, unless the client has gone. */
function later(response, ms, action) {
  const timer = setTimeout(action, ms)
  response.once('close', () => clearTimeout(timer))
}

/** Answers 503 or 429 twice at each address, then the page. */
const flapping =
  (status, headers) =>
  ({ request, response, asked }) => {
    const before = asked.get(request.url) ?? 0
    asked.set(request.url, before + 1)
    if (before < 2) small(response, status, '服务繁忙', headers())
    else send(response, PAGE)
  }

let bomb
/**
 * A gzip head and a block of zeros that can follow itself: one long stream, not members, so that nobody stops early.
 */
const makeBomb = () => ({
  head: Buffer.from('1f8b0800000000000003', 'hex'),
  block: deflateRawSync(Buffer.alloc(10 * MB), { level: 9, finishFlush: constants.Z_FULL_FLUSH }),
})

/**
 * What goes wrong at /bad/NAME; what stands behind the name, as in /bad/flapping/x, makes another address of it.
 * @type {Record<string, (day: { request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse,
 *   canary: { port: number }, asked: Map<string, number> }) => unknown>} `asked`: how often each address was
 */
export const BAD_DAYS = {
  // The page itself, to compare with.
  none: ({ response }) => send(response, PAGE),

  // One byte every 500 ms, for ever.
  'slow-body': ({ response }) => {
    response.writeHead(200, { 'content-type': UTF8 })
    let at = 0
    const drip = setInterval(() => response.write(PAGE.subarray(at % PAGE.length, (at++ % PAGE.length) + 1)), 500)
    response.once('close', () => clearInterval(drip))
  },
  // Takes the request and never answers.
  'slow-headers': () => {},
  // Announces more than it sends, then FIN.
  truncated: ({ response }) => {
    response.writeHead(200, { 'content-type': UTF8, 'content-length': PAGE.length + 1000, connection: 'close' })
    response.write(PAGE)
    response.socket.destroySoon()
  },
  // Announces half of what it sends.
  'short-length': ({ response }) => send(response, PAGE, { 'content-length': PAGE.length >> 1 }),
  // RST in the middle of a chunk.
  'chunk-cut': ({ response }) => {
    response.writeHead(200, { 'content-type': UTF8 })
    response.write(PAGE.subarray(0, 600))
    response.socket.write('1000\r\nhalf a chunk')
    later(response, 50, () => response.socket?.resetAndDestroy())
  },
  // RST before any answer.
  reset: ({ request }) => request.socket.resetAndDestroy(),
  // RST in the middle of a body of known length.
  'reset-mid': ({ response }) => {
    response.writeHead(200, { 'content-type': UTF8, 'content-length': PAGE.length })
    response.write(PAGE.subarray(0, 600))
    later(response, 50, () => response.socket?.resetAndDestroy())
  },

  // Sends on to /bad/redirect-loop-b, which sends back.
  'redirect-loop': ({ response }) => redirect(response, '/bad/redirect-loop-b'),
  'redirect-loop-b': ({ response }) => redirect(response, '/bad/redirect-loop'),
  // Sends on to /bad/hop/1, and N to N+1.
  'redirect-endless': ({ response }) => redirect(response, '/bad/hop/1'),
  hop: ({ request, response }) => redirect(response, `/bad/hop/${Number(request.url.split('/')[3] ?? 0) + 1}`),
  // Sends on to a good reply of the same host.
  'redirect-good': ({ response }) => redirect(response, '/bad/none'),
  // Sends on to where clouds keep their keys.
  'redirect-metadata': ({ response }) => redirect(response, 'http://169.254.169.254/latest/meta-data/'),
  // Sends on to another port of the machine where nobody listens.
  'redirect-loopback': ({ response }) => redirect(response, 'http://127.0.0.1:1/'),
  // Sends on to the canary, an address of the machine in other spellings.
  'redirect-canary': ({ response, canary }) => redirect(response, `http://127.0.0.1:${canary.port}/`),
  'redirect-mapped': ({ response, canary }) => redirect(response, `http://[::ffff:127.0.0.1]:${canary.port}/`),
  'redirect-decimal': ({ response, canary }) => redirect(response, `http://2130706433:${canary.port}/`),
  'redirect-localhost': ({ response, canary }) => redirect(response, `http://localhost:${canary.port}/`),
  // Sends on to a file of the client.
  'redirect-file': ({ response }) => redirect(response, 'file:///etc/passwd'),
  // Sends back to itself with a new cookie each time, whatever cookie comes.
  'cookie-loop': ({ request, response, asked }) => {
    const visit = (asked.get(request.url) ?? 0) + 1
    asked.set(request.url, visit)
    redirect(response, request.url, { 'set-cookie': `visit=${visit}; Path=/` })
  },

  // 10 GB of zeros in 10 MB of gzip.
  'gzip-bomb': ({ response }) => {
    bomb ??= makeBomb()
    response.writeHead(200, { 'content-type': UTF8, 'content-encoding': 'gzip' })
    response.write(bomb.head)
    pour(response, bomb.block, 1000)
  },
  // 10 GB of blanks.
  endless: ({ response }) => {
    response.writeHead(200, { 'content-type': UTF8 })
    pour(response, Buffer.alloc(MB, ' '), 10_000)
  },

  // 503 twice with seconds to wait, then the page.
  flapping: flapping(503, () => ({ 'retry-after': '1' })),
  // The same with a date, one to two seconds ahead.
  'flapping-date': flapping(503, () => ({ 'retry-after': new Date(Date.now() + 2000).toUTCString() })),
  // 429 twice without a time to wait, then the page.
  'too-many': flapping(429, () => ({})),
  // 503 for a day.
  'busy-always': ({ response }) => small(response, 503, '系统繁忙', { 'retry-after': '86400' }),

  // UTF-8 under a header that says gbk.
  'wrong-charset': ({ response }) => send(response, PAGE, { 'content-type': 'text/html; charset=gbk' }),
  // GBK under a header that says utf-8; the page itself says gb2312.
  'wrong-charset-gbk': ({ response }) => send(response, iconv.encode(claiming('<meta charset="gb2312">'), 'gbk')),
  // UTF-8, said neither by the header nor by the page.
  'no-charset': ({ response }) => send(response, claiming(''), { 'content-type': 'text/html' }),
  // GBK, said neither by the header nor by the page.
  'no-charset-gbk': ({ response }) =>
    send(response, iconv.encode(claiming(''), 'gbk'), { 'content-type': 'text/html' }),

  // 200 for a page that is not there.
  'soft-404': ({ response }) => small(response, 200, '页面不存在'),
  // 瑞数: 412 and nothing but scripts.
  'challenge-412': ({ response }) =>
    send(
      response,
      '<html><head><script>$_ts=window["$_ts"];if(!$_ts)$_ts={};</script></head><body></body></html>',
      {},
      412,
    ),
  // 加速乐: 521 and a cookie set by a script.
  'challenge-521': ({ response }) =>
    send(
      response,
      "<script>document.cookie='__jsl_clearance=1711'+'.5|-1|x;max-age=3600';location.href=location.pathname</script>",
      {},
      521,
    ),
  // WZWS: 200 and a script.
  'challenge-200': ({ response }) =>
    send(response, '<html><head><script>var wzwschallenge="x1";function f(){}</script></head><body></body></html>'),
  // 200 and a form for a password.
  login: ({ response }) =>
    send(
      response,
      '<title>统一身份认证</title><form>用户名 <input name="u"> 密码 <input type="password" name="p"> <button>登录</button></form>',
    ),
  forbidden: ({ response }) => small(response, 403, '拒绝访问'),
  gone: ({ response }) => small(response, 410, '信息已删除'),
  'not-found': ({ response }) => small(response, 404, '页面未找到'),
  // Keeps an ETag and a Last-Modified, and answers 304 to whoever knows either.
  'not-modified': ({ request, response }) => {
    const marks = { etag: '"d1-500"', 'last-modified': 'Thu, 14 Mar 2024 01:30:00 GMT' }
    const { 'if-none-match': tag, 'if-modified-since': since } = request.headers
    const isKnown =
      tag === undefined ? Date.parse(since) >= Date.parse(marks['last-modified']) : tag.includes(marks.etag)
    if (isKnown) response.writeHead(304, marks).end()
    else send(response, PAGE, marks)
  },

  gzip: encoded('gzip', () => gzipSync(PAGE)),
  br: encoded('br', () => brotliCompressSync(PAGE)),
  // As the standard has it, with the zlib head.
  deflate: encoded('deflate', () => deflateSync(PAGE)),
  // As old servers send it, without.
  'deflate-raw': encoded('deflate', () => deflateRawSync(PAGE)),
  'double-gzip': encoded('gzip, gzip', () => gzipSync(gzipSync(PAGE))),
  // Bytes in the middle are other ones.
  'gzip-damaged': encoded('gzip', () => {
    const bytes = gzipSync(PAGE)
    return bytes.fill(0x55, bytes.length >> 1, (bytes.length >> 1) + 40)
  }),
  // Ends in the middle, with the length to match.
  'gzip-cut': encoded('gzip', () => gzipSync(PAGE).subarray(0, 500)),

  // 100 KB of headers.
  'big-headers': ({ response }) =>
    send(response, PAGE, Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-pad-${i}`, 'p'.repeat(1000)]))),
  // 103 before the page.
  'early-hints': ({ response }) =>
    response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' }, () => send(response, PAGE)),
  // Promises to keep the connection and closes it behind the answer.
  'keepalive-close': ({ response }) => {
    const { socket } = response
    response.once('finish', () => setImmediate(() => socket.destroy()))
    send(response, PAGE, { connection: 'keep-alive', 'keep-alive': 'timeout=60' })
  },
  // Headers with bytes above 0x7f, as GBK and UTF-8 in headers look.
  'header-injection': ({ response }) =>
    send(response, PAGE, { 'x-unit': '\xc1\xd9\xba\xa3 \xff\x80', 'x-title': '\xe4\xb8\xb4', server: 'a:b, \t"c\\' }),
  // A secret that must not be kept.
  'set-cookie': ({ response }) => send(response, PAGE, { 'set-cookie': 'secret=hunter2; Path=/; HttpOnly' }),
}
