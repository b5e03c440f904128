import { createServer } from 'node:http'
import { BAD_DAYS } from './bad-days.js'
import { buildColumns } from './columns.js'

const ROBOTS = 'User-agent: *\nDisallow: /private/\nCrawl-delay: 0\n'
const HTML = { 'content-type': 'text/html; charset=utf-8' }

const listen = (server, host, port) =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server.off('error', reject).address().port))
  })

/** Opens a server on each host at one port that is free on all of them. */
async function listenOnAll(hosts, handle) {
  for (let attempt = 1; ; attempt++) {
    const servers = hosts.map(() => createServer(handle))
    try {
      const port = await listen(servers[0], hosts[0], 0)
      await Promise.all(servers.slice(1).map((server, i) => listen(server, hosts[i + 1], port)))
      return { servers, port }
    } catch (error) {
      for (const server of servers) server.close()
      if (error.code !== 'EADDRINUSE' || attempt === 10) throw error
    }
  }
}

/** @type {typeof import('./index.js').startPortal} */
export async function startPortal({ hosts = ['127.0.0.1', '127.0.0.2'], replies: count = 60, onEnd = () => {} } = {}) {
  const log = []
  /** Entry → what ends it. */
  const underWay = new Map()
  const overrides = new Map()
  const asked = new Map()
  let robots = ROBOTS

  const canary = { port: 0, hits: 0 }
  const canaryServer = createServer((_request, response) => response.end('canary'))
  canaryServer.on('connection', () => canary.hits++)
  canary.port = await listen(canaryServer, '127.0.0.1', 0)

  const { servers, port } = await listenOnAll(hosts, (request, response) => {
    const entry = begin(request, response)
    // A handler's fault is the test's: it must be seen, not end the server.
    Promise.resolve()
      .then(() => answer(request, response, entry))
      .catch((error) => {
        if (!response.headersSent) response.writeHead(500, HTML)
        response.end(String(error.stack))
      })
  })
  const base = `http://${hosts[0]}:${port}`
  const sister = hosts.length > 1 ? `http://${hosts[1]}:${port}` : base
  const content = buildColumns({ base, sister }, count)

  function begin(request, response) {
    const host = request.socket.localAddress
    const entry = { host, method: request.method, path: request.url, headers: request.headers }
    Object.assign(entry, { startedAt: performance.now(), endedAt: null, status: null })
    const end = () => {
      if (!underWay.delete(entry)) return
      entry.endedAt = performance.now()
      if (response.headersSent) entry.status = response.statusCode
      onEnd(entry)
    }
    underWay.set(entry, end)
    entry.open = [...underWay.keys()].filter((other) => other.host === host).length
    log.push(entry)
    // Before the last byte leaves: a client that asks again at once must not look impolite.
    response.once('prefinish', end)
    response.once('close', end)
    return entry
  }

  async function answer(request, response, entry) {
    const path = request.url
    const override = overrides.get(path) ?? overrides.get(path.split('?')[0])
    if (override !== undefined && (await override(request, response, entry)) !== false) return
    if (path === '/robots.txt') return answerRobots(response)
    const bad = BAD_DAYS[/^\/bad\/([\w-]+)/.exec(path)?.[1]]
    if (bad !== undefined) return bad({ request, response, canary, asked })
    if (path.endsWith('.pdf'))
      return response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.4\n%%EOF\n')
    const plain = path.startsWith('/WZWSRE') ? Buffer.from(path.slice(7), 'base64').toString() : path
    const make = content.pages.get(`http://${entry.host}:${port}${plain}`)
    if (make === undefined) response.writeHead(404, HTML).end('<title>404</title><p>页面未找到</p>')
    else response.writeHead(200, HTML).end(make())
  }

  function answerRobots(response) {
    const {
      status = 200,
      body = ROBOTS,
      type = 'text/plain',
      delayMs = 0,
    } = typeof robots === 'string' ? { body: robots } : robots
    const timer = setTimeout(() => response.writeHead(status, { 'content-type': type }).end(body), delayMs)
    response.once('close', () => clearTimeout(timer))
  }

  return {
    port,
    base,
    sister,
    log,
    canary,
    columns: content.columns,
    replies: content.replies,
    clearLog() {
      log.length = 0
    },
    answer(path, handler) {
      if (handler === null) overrides.delete(path)
      else overrides.set(path, handler)
    },
    robots(value) {
      robots = value
    },
    async stop() {
      const all = [canaryServer, ...servers]
      await Promise.all(
        all.map((server) => {
          const closed = new Promise((resolve) => server.close(resolve))
          server.closeAllConnections()
          return closed
        }),
      )
      // Sockets tell of their end some turns later; the log shall have it now.
      for (const end of underWay.values()) end()
    },
  }
}

export { BAD_LETTER } from './bad-days.js'
