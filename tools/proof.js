// The full numbers of the proofs, written to docs/proof.md: npm run proof [-- hostile cuts mutants growth archives machines batch fetch]
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { convert } from '../dist/convert.js'
import { InputError } from '../dist/diagnostics.js'
import { toNdjson } from '../dist/formats/json.js'
import { bufferBlob, openFileBlob } from '../dist/input/blob.js'
import { openBlob } from '../dist/input/open.js'
import { fileSource } from '../dist/input/source.js'
import { batchProof } from './batch-proof.js'
import { fetchProof } from './fetch-proof.js'
import { HOSTILE_PAGES, mutate, random } from './hostile-pages.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FIXTURES = join(ROOT, 'fixtures')
const FILE = join(ROOT, 'docs/proof.md')
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]/

const pages = readdirSync(FIXTURES).map((slug) => {
  const name = readdirSync(join(FIXTURES, slug)).find((file) => file.startsWith('page.'))
  return { slug, bytes: readFileSync(join(FIXTURES, slug, name)) }
})

/** Converts a page: 'record', or the code of the refusal. Anything else is a failure. */
function outcomeOf(bytes) {
  try {
    const record = convert(fileSource('page', bytes), { encoding: null, evidence: true })
    if (record.coverage.unaccounted_chars !== 0)
      throw new Error(`${record.coverage.unaccounted_chars} characters unaccounted for`)
    if (UNSAFE.test(toNdjson(record))) throw new Error('an unsafe character in NDJSON')
    return 'record'
  } catch (error) {
    if (error instanceof InputError) return error.code
    throw error
  }
}

function tally(outcomes) {
  const counts = new Map()
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ')
}

function cpuSeconds(work) {
  const start = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(start)
  return [(user + system) / 1e6, result]
}

const SECTIONS = {
  fetch: () => fetchProof({ kills: 50, replies: 60 }),
  batch: () => batchProof({ kills: 50, many: 100_000 }),

  hostile() {
    const named = [
      ['a page of 10 MB, many paragraphs', 'continuations', 10e6],
      ['nesting 100,000 deep', 'nested divs', 500_000],
      ['one line of 5 MB', 'one long line', 5e6],
      ['a million markers', 'markers', 10e6],
      ['an entity flood of 10 MB', 'entities', 10e6],
      ...Object.keys(HOSTILE_PAGES).map((name) => [`${name}, 2 MB`, name, 2e6]),
    ]
    const rows = named.map(([title, name, size]) => {
      const bytes = Buffer.from(HOSTILE_PAGES[name](size))
      const [seconds, outcome] = cpuSeconds(() => outcomeOf(bytes))
      return `| ${title} | ${(bytes.length / 1e6).toFixed(1)} | ${seconds.toFixed(1)} | ${outcome} |`
    })
    const peak = Math.round(process.resourceUsage().maxRSS / 1024)
    return `| page | MB | CPU s | outcome |\n|---|---|---|---|\n${rows.join('\n')}\n\nPeak memory of the whole run: ${peak} MB.`
  },

  cuts() {
    const outcomes = pages.flatMap(({ bytes }) =>
      Array.from({ length: 500 }, (_, i) => outcomeOf(bytes.subarray(0, Math.floor((bytes.length * i) / 500)))),
    )
    return `${pages.length} fixtures, each cut at 500 offsets: ${outcomes.length} pages, no crash. ${tally(outcomes)}.`
  },

  mutants() {
    const seed = Number(process.env.SEED ?? 20_261_124)
    const next = random(seed)
    const outcomes = Array.from({ length: 100_000 }, () =>
      outcomeOf(mutate(pages[Math.floor(next() * pages.length)].bytes, next)),
    )
    const noise = Array.from({ length: 10_000 }, () =>
      outcomeOf(Buffer.from(Array.from({ length: Math.floor(next() * 2000) }, () => Math.floor(next() * 256)))),
    )
    return `Seed ${seed}. 100,000 mutated fixtures, no crash: ${tally(outcomes)}.\n\n10,000 inputs of random bytes, no crash: ${tally(noise)}.`
  },

  growth() {
    const sizes = [200_000, 400_000, 800_000]
    const rows = Object.entries(HOSTILE_PAGES).map(([name, page]) => {
      const [first, second, third] = sizes.map((size) => {
        const bytes = Buffer.from(page(size))
        return Math.min(...[0, 0, 0].map(() => cpuSeconds(() => outcomeOf(bytes))[0]))
      })
      return {
        name,
        cells: [first, second, third].map((seconds) => (seconds * 1000).toFixed(0)),
        ratio: third / Math.max(first, 0.02),
      }
    })
    const worst = rows.reduce((a, b) => (a.ratio > b.ratio ? a : b))
    if (worst.ratio > 10) throw new Error(`${worst.name} grows faster than its size: ${worst.ratio.toFixed(1)}`)
    const table = rows
      .map(({ name, cells, ratio }) => `| ${name} | ${cells.join(' | ')} | ${ratio.toFixed(1)} |`)
      .join('\n')
    return `CPU in ms, best of 3. A linear cost grows by 4 from the first size to the third, a quadratic one by 16. Worst: ${worst.name}, ${worst.ratio.toFixed(1)}.\n\n| page | 0.2 MB | 0.4 MB | 0.8 MB | third / first |\n|---|---|---|---|---|\n${table}`
  },

  async archives() {
    const folder = mkdtempSync(join(tmpdir(), 'dafu-proof-'))
    try {
      return [await flippedWarc(), await giantRecord(folder), await manyEntries()].join('\n\n')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },

  machines() {
    const folder = mkdtempSync(join(tmpdir(), 'dafu-proof-'))
    try {
      const digest = (node, options = {}, ...args) =>
        execFileSync(node, [join(ROOT, 'tools/digest.js'), ...args], { encoding: 'utf8', ...options }).trim()
      const env = (changes) => ({ env: { ...process.env, ...changes } })
      const here = digest(process.execPath)
      const results = [
        ['TZ=UTC', digest(process.execPath, env({ TZ: 'UTC' }))],
        ['TZ=Asia/Shanghai', digest(process.execPath, env({ TZ: 'Asia/Shanghai' }))],
        ['LANG=C', digest(process.execPath, env({ LANG: 'C', LC_ALL: 'C' }))],
        ['LANG=zh_CN.UTF-8', digest(process.execPath, env({ LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8' }))],
        ['another working directory', digest(process.execPath, { cwd: folder })],
        ['the files in reverse order', digest(process.execPath, {}, 'reverse')],
      ]
      for (const version of [20, 22, 24, 26]) {
        execFileSync(
          'npm',
          [
            'install',
            '--prefix',
            join(folder, String(version)),
            '--no-fund',
            '--no-audit',
            '--silent',
            `node@${version}`,
          ],
          { stdio: 'ignore' },
        )
        const node = join(folder, String(version), 'node_modules/node/bin/node')
        results.push([`Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`, digest(node)])
      }
      const different = results.filter(([, result]) => result !== here)
      if (different.length > 0)
        throw new Error(`the records differ under ${different.map(([name]) => name).join(', ')}`)
      return `The records of all fixtures, evidence included, have the same SHA-256 under: ${results.map(([name]) => name).join(', ')}.`
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

const OPEN = { statuses: new Set([200]), type: null, wants: () => true }
const pageOf = (number) =>
  Buffer.from(
    `<html><body><p>丁未然委员：</p><p>您提出的第${number}号提案收悉，现答复如下：</p><p>已办理。</p></body></html>`,
  )

function warcRecord(number, body) {
  const content = Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'), body])
  const digest = createHash('sha256').update(content).digest('hex')
  const head = `WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:${number}>\r\nWARC-Target-URI: https://a.invalid/${number}\r\nWARC-Block-Digest: sha256:${digest}\r\nContent-Length: ${content.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n\r\n')])
}

async function countOutcomes(uri, blob) {
  const counts = { sources: new Set(), damaged: 0, failed: 0, skipped: 0 }
  for await (const outcome of openBlob(uri, blob, OPEN)) {
    if (outcome.kind === 'source') counts.sources.add(outcome.source.url ?? outcome.source.uri)
    else if (outcome.kind === 'skipped') counts.skipped++
    else if (outcome.error.code === 'archive.damaged') counts.damaged++
    else counts.failed++
  }
  return counts
}

/** 3,000 records, 40 flipped bytes: every record whose own bytes are sound must be read. */
async function flippedWarc() {
  const next = random(3000)
  const lines = []
  for (const [kind, pack] of [
    ['packed', (record) => gzipSync(record)],
    ['plain', (record) => record],
  ]) {
    const records = Array.from({ length: 3000 }, (_, i) => pack(warcRecord(i, pageOf(i))))
    const ends = []
    for (const { length } of records) ends.push((ends.at(-1) ?? 0) + length)
    const file = Buffer.concat(records)
    const hit = new Set()
    for (let flips = 0; flips < 40; flips++) {
      const at = Math.floor(next() * file.length)
      file[at] ^= 1 << Math.floor(next() * 8)
      hit.add(ends.findIndex((end) => end > at))
    }
    const { sources, damaged } = await countOutcomes('x.warc', bufferBlob(file))
    const missing = records.filter((_, i) => !hit.has(i) && !sources.has(`https://a.invalid/${i}`)).length
    if (missing > 0) throw new Error(`${missing} sound records are lost (${kind})`)
    lines.push(
      `A ${kind} WARC of 3,000 records with 40 flipped bytes in ${hit.size} records: ${sources.size} read, no sound record lost, ${damaged} damages reported.`,
    )
  }
  return lines.join('\n\n')
}

/** A record of 29 GB, as a hole in a file, and a page behind it. */
async function giantRecord(folder) {
  const path = join(folder, 'giant.warc')
  const size = 29e9
  const head = Buffer.from(
    `WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.invalid/giant\r\nContent-Length: ${size}\r\n\r\n`,
  )
  const file = openSync(path, 'w')
  writeSync(file, head, 0, head.length, 0)
  const tail = Buffer.concat([Buffer.from('\r\n\r\n'), warcRecord(1, pageOf(1))])
  writeSync(file, tail, 0, tail.length, head.length + size)
  closeSync(file)
  const blob = openFileBlob(path)
  const before = process.memoryUsage().rss
  const { sources, failed } = await countOutcomes(path, blob)
  const grown = Math.round((process.memoryUsage().rss - before) / 1e6)
  blob.close()
  if (sources.size !== 1 || failed !== 1) throw new Error('the page behind a record of 29 GB is lost')
  return `A WARC with a record of 29 GB: the record refused by name, the page behind it read, memory grown by ${grown} MB.`
}

/** A tar file of a million entries, made as it is read. */
async function manyEntries() {
  const header = (name) => {
    const block = Buffer.alloc(512)
    block.write(name, 0, 'latin1')
    block.write('00000000000\0', 124, 'latin1')
    block.write('ustar\x0000', 257, 'latin1')
    block.write('0', 156, 'latin1')
    block.fill(0x20, 148, 156)
    let sum = 0
    for (const byte of block) sum += byte
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    return block
  }
  const entries = 1_000_000
  const blob = {
    size: entries * 512,
    read: (offset, length) =>
      Buffer.concat(
        Array.from({ length: Math.ceil(Math.min(length, entries * 512 - offset) / 512) }, (_, i) =>
          header(`f${offset / 512 + i}.png`),
        ),
      ),
  }
  const before = process.memoryUsage().rss
  let skipped = 0
  for await (const outcome of openBlob('x.tar', blob, OPEN)) if (outcome.kind === 'skipped') skipped++
  const grown = Math.round((process.memoryUsage().rss - before) / 1e6)
  if (skipped !== entries) throw new Error(`${skipped} entries of ${entries}`)
  return `A tar file of a million entries: all seen, memory grown by ${grown} MB.`
}

const asked = process.argv.slice(2)
const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
for (const name of asked.length > 0 ? asked : Object.keys(SECTIONS)) {
  const text = await SECTIONS[name]()
  console.log(`## ${name}\n\n${text}\n`)
  const stamp = `${new Date().toISOString().slice(0, 10)}, commit ${git('rev-parse', '--short', 'HEAD')}, Node ${process.version}`
  writeSection(name, `${stamp}.\n\n${text}`)
}

function writeSection(name, text) {
  const page = readFileSync(FILE, 'utf8')
  const pattern = new RegExp(`## ${name}\\n[\\s\\S]*?(?=\\n## |$)`)
  const section = `## ${name}\n\n${text}\n`
  writeFileSync(FILE, pattern.test(page) ? page.replace(pattern, () => section) : `${page.trimEnd()}\n\n${section}`)
}
