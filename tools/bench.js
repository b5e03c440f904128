// What dafu costs, against named baselines in the same run: npm run bench
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import iconv from 'iconv-lite'
import { convert } from '../dist/convert.js'
import { decode } from '../dist/input/decode.js'
import { fileSource } from '../dist/input/source.js'
import { random } from './hostile-pages.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BIN = join(ROOT, 'bin/dafu.js')
const ROUNDS = 5
/** Pages before the clock runs: the code of every stage is compiled, and no longer recompiled. */
const WARM_UP = 2000
/** What a stage reads in a round, in KB: enough for its code and data to be back in the processor's caches. */
const ROUND = 12_000
const folder = mkdtempSync(join(tmpdir(), 'dafu-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
const letters = readdirSync(join(ROOT, 'fixtures'))
  .filter((slug) => /^(?:siteserver|trs|generic)--/.test(slug))
  .map((slug) => join(ROOT, 'fixtures', slug, 'page.html'))
  .filter((path) => {
    try {
      return convert(fileSource(path, readFileSync(path)), { encoding: null, evidence: false }).blocks.length > 5
    } catch {
      return false
    }
  })
  .map((path) => decode(readFileSync(path), { encoding: null, charset: null }).text)

/** Pages of a size from fixtures, filled up with a menu of links as portals have it; fixed seed. */
function pagesOf(kilobytes, encoding) {
  const next = random(kilobytes)
  return Array.from({ length: 40 }, (_, i) => {
    const page = letters[Math.floor(next() * letters.length)]
    let menu = ''
    for (let n = 0; page.length + menu.length < kilobytes * (encoding === 'utf-8' ? 800 : 850); n++)
      menu += `<li class="item"><a href="/zwgk/${i}/${n}.html" target="_blank" title="栏目">部门动态${n}</a><span>|</span></li>\n`
    const filled = page
      .replace(/charset=["']?[\w-]+/i, `charset="${encoding}`)
      .replace(/<body[^>]*>/i, (tag) => `${tag}<div class="nav"><ul>${menu}</ul></div>`)
    const path = join(folder, `${encoding}-${kilobytes}-${i}.html`)
    writeFileSync(path, iconv.encode(filled, encoding))
    return path
  })
}

const STAGES = ['read + decode', 'parse5 parse', 'cheerio.load', 'dafu, file to NDJSON']
const BASE = 'cheerio.load'

/** The stages take turns, each in its own process: two libraries in one would spoil each other's compiled code. */
async function compare(title, pages, kilobytes) {
  const paths = Array.from({ length: ROUND / kilobytes }, (_, i) => pages[i % pages.length])
  const stages = await Promise.all(
    STAGES.map(async (name) => {
      const child = fork(join(ROOT, 'tools/bench-stage.js'), [name])
      await once(child, 'message')
      return { name, child, times: [] }
    }),
  )
  for (let round = -Math.ceil(WARM_UP / paths.length); round < ROUNDS; round++)
    for (const { child, times } of stages) {
      child.send(paths)
      const [time] = await once(child, 'message')
      if (round >= 0) times.push(time)
    }
  for (const { child } of stages) child.disconnect()
  const costs = stages.map(({ name, times }) => ({
    name,
    cpu: median(times.map(({ cpu }) => cpu)) / paths.length,
    wall: median(times.map(({ wall }) => wall)) / paths.length,
  }))
  print(title, costs)
  return costs
}

function print(title, costs) {
  const base = costs.find(({ name }) => name === BASE)
  for (const { name, cpu, wall } of costs)
    console.log(
      `| ${title} | ${name} | ${cpu.toFixed(2)} | ${(cpu / base.cpu).toFixed(2)} | ${(wall / base.wall).toFixed(2)} |`,
    )
}

console.log(`Node ${process.versions.node}, ${ROUNDS} alternating rounds, medians.\n`)
console.log('| Pages | Stage | ms CPU a page | CPU ÷ cheerio.load | Wall ÷ cheerio.load |\n|---|---|---|---|---|')
const all = []
const costs = []
for (const kilobytes of [30, 80, 150])
  for (const encoding of ['utf-8', 'gbk']) {
    const paths = pagesOf(kilobytes, encoding)
    all.push(...paths)
    costs.push(await compare(`${kilobytes} KB, ${encoding}`, paths, kilobytes))
  }
const mean = (i, unit) => costs.reduce((sum, stages) => sum + stages[i][unit], 0) / costs.length
print(
  'as many of each',
  STAGES.map((name, i) => ({ name, cpu: mean(i, 'cpu'), wall: mean(i, 'wall') })),
)

const wallOf = (command, argv) => {
  const start = performance.now()
  const { error } = spawnSync(command, argv, { stdio: ['ignore', 'ignore', 'pipe'] })
  if (error) throw error
  return performance.now() - start
}
const COMMANDS = {
  'node -e 0': ['-e', '0'],
  'dafu --version': [BIN, '--version'],
  'dafu PAGE -f ndjson': [BIN, all[0], '-f', 'ndjson'],
  'dafu PAGE': [BIN, all[0]],
}
const walls = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, []]))
for (let round = 0; round < ROUNDS * 3; round++)
  for (const [name, argv] of Object.entries(COMMANDS)) walls[name].push(wallOf(process.execPath, argv))
console.log('\n| Command | ms | ÷ node -e 0 |\n|---|---|---|')
for (const name of Object.keys(COMMANDS))
  console.log(
    `| \`${name}\` | ${median(walls[name]).toFixed(0)} | ${(median(walls[name]) / median(walls['node -e 0'])).toFixed(2)} |`,
  )

const list = (name, paths) => {
  const path = join(folder, name)
  writeFileSync(path, `${paths.join('\n')}\n`)
  return path
}
// Neighbours of every size and encoding: 7 is no divisor of the number of pages.
const many = Array.from({ length: 5000 }, (_, i) => all[(i * 7) % all.length])
const whole = list('whole', many)
const halves = [list('half-1', many.slice(0, 2500)), list('half-2', many.slice(2500))]
const run = (from, jobs) => [BIN, '-q', '--files-from', from, '-j', String(jobs), '-o', `${from}-${jobs}.ndjson`]
const twice = `${halves.map((half) => `"${process.execPath}" ${run(half, 1).join(' ')}`).join(' & ')} & wait`
const batches = [
  ['`-j 1`', process.execPath, run(whole, 1)],
  ['`-j 2`', process.execPath, run(whole, 2)],
  ['two processes with half each, which share nothing', 'sh', ['-c', twice]],
]
// V8 compiles and collects beside the work, in threads of its own: `-j 1` takes more than one core when it can.
if (process.platform === 'linux')
  batches.push(['`-j 1` held to one core', 'taskset', ['-c', '0', process.execPath, ...run(whole, 1)]])
const times = batches.map(() => [])
for (let round = 0; round < 3; round++)
  for (const [i, [, command, argv]] of batches.entries()) times[i].push(wallOf(command, argv))
console.log('\n| 5,000 pages of 30, 80 and 150 KB | s | times as fast as -j 1 |\n|---|---|---|')
for (const [i, [title]] of batches.entries())
  console.log(
    `| ${title} | ${(median(times[i]) / 1000).toFixed(1)} | ${(median(times[0]) / median(times[i])).toFixed(2)} |`,
  )
