// Saves fixture pages with real tools from a local server and compares the records: node tools/real-archives.js
// Tools that are not there are named and passed over. Exits with 1 when a record differs.
import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import iconv from 'iconv-lite'
import { WebSocket } from 'undici'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BIN = join(ROOT, 'bin/dafu.js')
const SLUGS = [
  'siteserver--settings-line',
  'trs--nested-document',
  'table-layout--gbk',
  'hanweb--content-comments',
  'generic--unknown-container',
]
const NAMES = ['海绵城市答复', '农村河道答复', '照明答复', '分级诊疗答复', '校外托管答复']

const folder = mkdtempSync(join(tmpdir(), 'dafu-real-'))
const pages = SLUGS.map((slug, i) => ({
  name: `${NAMES[i]}.html`,
  path: `p${i}.html`,
  bytes: readFileSync(join(ROOT, 'fixtures', slug, 'page.html')),
}))

const dafu = (...argv) =>
  execFileSync(process.execPath, [BIN, '-q', '-f', 'ndjson', ...argv], { encoding: 'utf8', maxBuffer: 1 << 28 })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const bare = (record) => JSON.stringify({ ...record, source: null })
const byId = (records) => new Map(records.map((record) => [record.id, bare(record)]))

mkdirSync(join(folder, 'pages/建议提案'), { recursive: true })
for (const { name, bytes } of pages) writeFileSync(join(folder, 'pages/建议提案', name), bytes)
const expected = byId(dafu(join(folder, 'pages')))

const server = createServer((request, response) => {
  const page = pages.find(({ path }) => request.url === `/${path}`)
  if (page) response.writeHead(200, { 'content-type': 'text/html' }).end(page.bytes)
  else response.writeHead(404).end()
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${server.address().port}`
const sh = (command, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: 'ignore' })
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))))
  })

/** Each makes an archive of all pages with one real tool and gives its name. */
const TOOLS = {
  async 'wget --warc-file'() {
    await sh('wget', ['-q', '--warc-file=crawl', '-O', '/dev/null', ...pages.map(({ path }) => `${base}/${path}`)])
    return 'crawl.warc.gz'
  },
  async 'wget, plain WARC'() {
    await sh('wget', [
      '-q',
      '--warc-file=plain',
      '--no-warc-compression',
      '-O',
      '/dev/null',
      ...pages.map(({ path }) => `${base}/${path}`),
    ])
    return 'plain.warc'
  },
  async 'Info-ZIP zip'() {
    await sh('zip', ['-q', '-r', 'saved.zip', 'pages'])
    return 'saved.zip'
  },
  async '7z, a zip with names in CP936'() {
    // Windows writes the names as its code page has them: the file system holds them so here.
    const target = Buffer.concat([Buffer.from(`${folder}/cp936/`), iconv.encode('建议', 'gbk')])
    mkdirSync(target, { recursive: true })
    pages.forEach(({ name }) =>
      copyFileSync(
        join(folder, 'pages/建议提案', name),
        Buffer.concat([target, Buffer.from('/'), iconv.encode(name, 'gbk')]),
      ),
    )
    await sh('zip', ['-q', '-r', 'cp936.zip', 'cp936'])
    await sh('7z', ['t', 'cp936.zip'])
    const names = dafu('cp936.zip' && join(folder, 'cp936.zip'))
      .map(({ source }) => source.uri.split('/').at(-1))
      .sort()
    if (JSON.stringify(names) !== JSON.stringify(pages.map(({ name }) => name).sort()))
      throw new Error(`names are ${names}`)
    return 'cp936.zip'
  },
  async 'GNU tar'() {
    await sh('tar', ['-cf', 'saved.tar', 'pages'])
    return 'saved.tar'
  },
  async 'GNU tar, packed'() {
    await sh('tar', ['-czf', 'saved.tar.gz', 'pages'])
    return 'saved.tar.gz'
  },
  async 'GNU tar, pax names'() {
    await sh('tar', ['--format=pax', '-cf', 'pax.tar', 'pages'])
    return 'pax.tar'
  },
  async gzip() {
    mkdirSync(join(folder, 'packed'))
    for (const { path, bytes } of pages) writeFileSync(join(folder, 'packed', path), bytes)
    await sh('gzip', ['-r', 'packed'])
    return 'packed'
  },
}

let failed = 0
const report = (name, problem) => {
  if (problem) failed++
  console.log(`${problem ? 'DIFFERS' : 'equal'}: ${name}${problem ? `: ${problem}` : ''}`)
}
for (const [name, make] of Object.entries(TOOLS)) {
  try {
    const records = dafu(join(folder, await make()))
    const found = byId(records)
    const wrong = [...expected].filter(([id, text]) => found.get(id) !== text).length
    report(
      name,
      records.length !== pages.length
        ? `${records.length} records of ${pages.length} pages`
        : wrong > 0
          ? `${wrong} records`
          : null,
    )
  } catch (error) {
    if (error.code === 'ENOENT') console.log(`skipped: ${name} (${error.path} is not installed)`)
    else report(name, error.message)
  }
}
await chromium()
server.close()
rmSync(folder, { recursive: true, force: true })
process.exitCode = failed > 0 ? 1 : 0

/** Chromium rewrites the page as it saves it, so blocks and fields are compared, not the id. */
async function chromium() {
  const child = spawn(
    'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-port=0',
      `--user-data-dir=${join(folder, 'profile')}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const missing = await new Promise((resolve) => {
    child.once('error', () => resolve(true))
    child.once('spawn', () => resolve(false))
  })
  if (missing) return console.log('skipped: Chromium MHTML (chromium is not installed)')
  try {
    const address = await new Promise((resolve, reject) => {
      let text = ''
      child.stderr.on('data', (chunk) => {
        text += chunk
        const found = /ws:\/\/\S+/.exec(text)
        if (found) resolve(found[0])
      })
      setTimeout(() => reject(new Error('Chromium did not start within 60 s')), 60_000).unref()
    })
    const call = await connect(address)
    for (const { path } of pages) {
      const { targetId } = await call('Target.createTarget', { url: `${base}/${path}` })
      const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true })
      await call('Page.enable', {}, sessionId)
      for (let tries = 0; tries < 100; tries++) {
        const { result } = await call('Runtime.evaluate', { expression: 'document.readyState' }, sessionId)
        if (result.value === 'complete') break
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      const { data } = await call('Page.captureSnapshot', { format: 'mhtml' }, sessionId)
      const file = join(folder, `${path}.mhtml`)
      writeFileSync(file, data)
      const [record] = dafu(file)
      const [original] = dafu(
        '--url',
        `${base}/${path}`,
        join(folder, 'pages/建议提案', pages.find((page) => page.path === path).name),
      )
      const view = ({ page, reply, blocks }) => JSON.stringify({ page, reply, blocks })
      const isSame =
        view(record) === view(original) &&
        record.source.url === `${base}/${path}` &&
        record.source.archive.kind === 'mhtml'
      report(`Chromium MHTML, ${path}`, isSame ? null : firstDifference(view(record), view(original)))
    }
  } finally {
    child.kill()
    await new Promise((resolve) => child.once('exit', resolve))
  }
}

function firstDifference(one, other) {
  let at = 0
  while (one[at] === other[at] && at < one.length) at++
  return `${one.slice(Math.max(0, at - 40), at + 60)} ≠ ${other.slice(Math.max(0, at - 40), at + 60)}`
}

/** A caller of the DevTools protocol. */
async function connect(address) {
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const waiting = new Map()
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(data)
    const entry = waiting.get(id)
    if (!entry) return
    waiting.delete(id)
    error ? entry.reject(new Error(error.message)) : entry.resolve(result)
  })
  let last = 0
  return (method, params, sessionId) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params, sessionId }))
    })
}
