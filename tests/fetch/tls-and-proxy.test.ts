import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { letterOf, pageOf, ROOT } from '../cases.ts'

const CERTIFICATES = join(ROOT, 'tests/fetch/certificates')
const PAGE = pageOf(letterOf(['一、甲']))

let secure: Server
let proxy: Server
let tunnels: string[] = []
const portOf = (server: Server) => (server.address() as AddressInfo).port
beforeAll(async () => {
  secure = createServer(
    { key: readFileSync(join(CERTIFICATES, 'server.key')), cert: readFileSync(join(CERTIFICATES, 'server.pem')) },
    (request, response) =>
      request.url === '/robots.txt'
        ? response.writeHead(404).end()
        : response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE),
  ) as unknown as Server
  // A proxy as users have it: CONNECT only (RFC 9110 9.3.6). It leads every name to the server above.
  proxy = createHttpServer().on('connect', (request, socket) => {
    tunnels.push(request.url!)
    const far = connect(portOf(secure), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      far.pipe(socket).pipe(far)
    })
    for (const one of [far, socket]) one.on('error', () => {})
  })
  for (const server of [secure, proxy])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
})
afterAll(() => {
  for (const server of [secure, proxy]) {
    server.closeAllConnections()
    server.close()
  }
})

async function dafu(argv: string[], env: { [name: string]: string } = {}) {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'bin/dafu.js'), 'fetch', ...argv, '--delay', '0', '--retries', '0'],
    {
      env: { PATH: process.env.PATH, ...env },
    },
  )
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { exit, out, err }
}

it('a certificate that nobody vouches for is refused, and says what to try', async () => {
  const { exit, err } = await dafu([`https://localhost:${portOf(secure)}/`])
  expect(exit).toBe(3)
  expect(err).toContain('fetch.tls')
  expect(err).toContain('--ca')
})
it('--ca vouches for it', async () => {
  const { exit, out } = await dafu([`https://localhost:${portOf(secure)}/`, '--ca', join(CERTIFICATES, 'ca.pem')])
  expect(exit).toBe(0)
  expect(out).toContain('schema: dafu/1')
})
it('--ca with a file that is not there is wrong usage', async () => {
  const { exit, err } = await dafu([`https://localhost:${portOf(secure)}/`, '--ca', 'none.pem'])
  expect(exit).toBe(2)
  expect(err).toContain('none.pem')
})
it('a proxy is used as the usual variables say', async () => {
  tunnels = []
  const ca = ['--ca', join(CERTIFICATES, 'ca.pem')]
  const through = await dafu([`https://localhost:${portOf(secure)}/`, ...ca], {
    https_proxy: `http://127.0.0.1:${portOf(proxy)}`,
  })
  expect(through.err).toBe('')
  expect(through.exit).toBe(0)
  expect(tunnels.length).toBeGreaterThan(0)
  tunnels = []
  const past = await dafu([`https://localhost:${portOf(secure)}/`, ...ca], {
    https_proxy: `http://127.0.0.1:${portOf(proxy)}`,
    no_proxy: 'localhost',
  })
  expect(past.exit).toBe(0)
  expect(tunnels).toEqual([])
})
