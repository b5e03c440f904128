// What fetching promises, shown with real sockets and processes. Alone, in short: node tools/fetch-proof.js
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { random } from './hostile-pages.js'
import { startPortal } from './portal/index.js'

const BIN = fileURLToPath(new URL('../bin/dafu.js', import.meta.url))

function check(holds, words) {
  if (!holds) throw new Error(words)
}

const withoutSource = (out) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.stringify({ ...JSON.parse(line), source: null }))
    .join('\n')

/** Runs dafu; gives what it printed, its exit code, and the most memory that it held, in MB. */
async function dafu(argv, { cwd, killAfter = null } = {}) {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  let memory = 0
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const watch = setInterval(() => {
    const status = `/proc/${child.pid}/status`
    if (existsSync(status))
      memory = Math.max(memory, Number(/VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0))
  }, 20)
  const timer = killAfter === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfter)
  const [exit, signal] = await new Promise((resolve) => child.on('close', (code, name) => resolve([code, name])))
  clearInterval(watch)
  clearTimeout(timer)
  return { out, err, exit, isKilled: signal === 'SIGKILL', memory: memory / 1024 }
}

export async function fetchProof({ kills, replies }) {
  const folder = mkdtempSync(join(tmpdir(), 'dafu-fetch-'))
  const portal = await startPortal({ replies })
  try {
    return [
      await manners(portal, folder),
      await killed(portal, folder, kills),
      await badDays(portal, folder),
      othersRead(folder),
    ].join('\n\n')
  } finally {
    await portal.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function manners(portal, folder) {
  portal.clearLog()
  const delay = 0.2
  const argv = ['crawl', portal.columns.trs, portal.columns.siteserver, '--warc', 'polite', '--allow-private', '-q']
  const { exit, out } = await dafu([...argv, '--delay', String(delay), '--max', '40'], { cwd: folder })
  check(exit === 0 && out.trim().split('\n').length === 40, 'the crawl did not give its 40 replies')
  const hosts = [...new Set(portal.log.map(({ host }) => host))]
  let least = Number.POSITIVE_INFINITY
  for (const host of hosts) {
    const entries = portal.log.filter((entry) => entry.host === host)
    check(Math.max(...entries.map(({ open }) => open)) === 1, `two requests at once to ${host}`)
    for (let i = 1; i < entries.length; i++) least = Math.min(least, entries[i].startedAt - entries[i - 1].endedAt)
  }
  check(least >= delay * 1000 - 1, `a pause of ${least} ms`)
  return `Manners, from the server's own log: ${portal.log.length} requests to ${hosts.length} hosts, never two at once to one; the shortest of the pauses was ${least.toFixed(0)} ms where ${delay * 1000} were promised.`
}

const isComplete = (journal) => existsSync(journal) && readFileSync(journal, 'utf8').includes('"complete"')

async function killed(portal, folder, kills) {
  const crawl = (name, options) =>
    dafu(['crawl', portal.columns.trs, '--warc', name, '--allow-private', '--delay', '0.01', '-q'], {
      cwd: folder,
      ...options,
    })
  portal.clearLog()
  const whole = await crawl('whole')
  const needed = portal.log.length
  const next = random(11)
  let done = 0
  let runs = 0
  let repeated = 0
  rounds: for (let round = 0; done < kills; round++) {
    portal.clearLog()
    const name = `killed-${round}`
    let mine = 0
    let last
    do {
      last = await crawl(name, mine < 6 && done < kills ? { killAfter: 150 + next() * 900 } : {})
      runs++
      // Killed behind its last page: a run that had come to its end.
      if (last.isKilled && isComplete(join(folder, `${name}.journal.ndjson`))) continue rounds
      if (last.isKilled) {
        mine++
        done++
      }
    } while (last.isKilled)
    check(
      withoutSource(last.out) === withoutSource(whole.out),
      'the records differ from those of a run that was not killed',
    )
    const asked = portal.log.map(({ host, path }) => host + path)
    const twice = asked.length - new Set(asked).size
    check(twice <= mine, `${twice} pages were asked twice behind ${mine} kills`)
    check(new Set(asked).size === needed, `${new Set(asked).size} pages were asked of ${needed}`)
    repeated += twice
    const files = readdirSync(folder).filter((file) => file.startsWith(`${name}-`))
    const kept = await dafu(['parse', ...files, '-f', 'ndjson', '-q'], { cwd: folder })
    check(withoutSource(kept.out) === withoutSource(whole.out), 'the WARC gives other records')
  }
  return `Killed: a crawl of ${needed} requests, ${done} times killed with SIGKILL at random moments (${runs} runs). Each ended with the records of a run that was not killed, and so did its WARC. ${repeated} requests came twice: each was on its way when its run was killed.`
}

/** Days that give a page, and those that must give a failure. */
const GOOD =
  /^(?:none|gzip|br|deflate|deflate-raw|double-gzip|wrong-charset|wrong-charset-gbk|no-charset|no-charset-gbk|early-hints|keepalive-close|header-injection|set-cookie|redirect-good|flapping|flapping-date|too-many)$/
const DAYS =
  'none gzip br deflate deflate-raw double-gzip wrong-charset wrong-charset-gbk no-charset no-charset-gbk early-hints keepalive-close header-injection set-cookie redirect-good flapping flapping-date too-many slow-body slow-headers truncated chunk-cut reset reset-mid redirect-loop redirect-endless redirect-metadata redirect-loopback redirect-canary redirect-mapped redirect-decimal redirect-localhost redirect-file cookie-loop busy-always soft-404 challenge-200 login forbidden gone not-found gzip-damaged big-headers'.split(
    ' ',
  )

async function badDays(portal, folder) {
  const list = (name, addresses) =>
    writeFileSync(join(folder, name), addresses.map((path) => `${portal.base}${path}\n`).join(''))
  list(
    'good',
    Array.from({ length: 60 }, (_, i) => `/bad/none/${i}`),
  )
  list(
    'bad',
    DAYS.map((name) => `/bad/${name}`),
  )
  list(
    'big',
    Array.from({ length: 30 }, (_, i) => `/bad/${i % 2 ? 'gzip-bomb' : 'endless'}/${i}`),
  )
  const fetch = (name, ...more) =>
    dafu(['fetch', '--files-from', name, '--delay', '0', '--timeout', '3', '--errors', `${name}.errors`, ...more], {
      cwd: folder,
    })
  const good = await fetch('good', '--warc', 'kept-good')
  const canary = portal.canary.hits
  const start = performance.now()
  const bad = await fetch('bad', '--warc', 'kept-bad')
  const took = performance.now() - start
  const got = bad.out.trim().split('\n').length
  const failed = readFileSync(join(folder, 'bad.errors'), 'utf8').trim().split('\n').length
  const wanted = DAYS.filter((name) => GOOD.test(name)).length
  check(got === wanted, `${got} records where ${wanted} were wanted`)
  check(got + failed === DAYS.length, 'an address has neither record nor failure')
  check(portal.canary.hits === canary, 'a private address was asked')
  const big = await fetch('big')
  check(big.exit === 3, 'a body of 10 GB gave a record')
  const ratio = big.memory / good.memory
  check(ratio < 3, `memory grew ${ratio.toFixed(1)} times`)
  return `Bad days: ${DAYS.length} kinds, ${got} records and ${failed} failures, each with its code, in ${(took / 1000).toFixed(0)} s; no private address was asked. 30 bodies of 10 GB, packed and not: ${big.memory.toFixed(0)} MB at most, where 60 good pages take ${good.memory.toFixed(0)} MB.`
}

/** npm puts warcio.js first, which has no `check`. */
const env = {
  ...process.env,
  PATH: process.env.PATH.split(delimiter)
    .filter((path) => !path.includes('node_modules'))
    .join(delimiter),
}

function othersRead(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.warc.gz'))
  if (spawnSync('warcio', ['--version'], { env }).error !== undefined)
    return `Other readers: Python's warcio is not there; the tests read the WARC with warcio.js.`
  const { status, stdout, stderr } = spawnSync('warcio', ['check', '-v', ...files], {
    cwd: folder,
    encoding: 'utf8',
    env,
    maxBuffer: 1 << 28,
  })
  check(status === 0, `warcio check: ${stdout.slice(0, 500)}${stderr.slice(0, 500)}`)
  return `Other readers: Python's \`warcio check\` finds no fault in ${files.length} WARC files.`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await fetchProof({ kills: 8, replies: 24 }))
