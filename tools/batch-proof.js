// What a batch promises, shown with real processes and disks. Alone, in short: node tools/batch-proof.js
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { random } from './hostile-pages.js'

const BIN = fileURLToPath(new URL('../bin/dafu.js', import.meta.url))
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

function pageOf(i) {
  const title = `对区政协六届二次会议第${String(i).padStart(4, '0')}号提案的答复`
  const measures = Array.from({ length: 3 + (i % 7) }, (_, n) => `<p>${n + 1}.第${i}件的第${n + 1}项工作已经完成。</p>`)
  return `<html><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><div><p>丁未然委员：</p><p>您提出的“关于改善人居环境的提案”收悉，现答复如下：</p>${measures.join('')}<p>感谢您的关心。</p><p>澄江区住建局</p><p>2023年6月1日</p></div></body></html>`
}

/** Every file below a folder, hidden ones too, as one hash. */
function stateOf(folder) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return sha256(names.map((name) => `${name.slice(folder.length)} ${sha256(readFileSync(name))}\n`).join(''))
}

function check(holds, words) {
  if (!holds) throw new Error(words)
}

export async function batchProof({ kills, many }) {
  const folder = mkdtempSync(join(tmpdir(), 'dafu-batch-'))
  try {
    mkdirSync(join(folder, 'in'))
    for (let i = 0; i < 200; i++) writeFileSync(join(folder, `in/${i}.html`), pageOf(i))
    return [
      await killed(folder, kills),
      sameForAnyJobs(folder),
      flatMemory(folder, many),
      fullDisk(folder),
      readOnly(folder),
      twoRuns(folder),
    ].join('\n\n')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const run = (folder, argv) =>
  spawnSync(process.execPath, [BIN, ...argv], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30 })

async function killed(folder, kills) {
  for (let i = 200; i < 1500; i++) writeFileSync(join(folder, `in/${i}.html`), pageOf(i))
  const next = random(7)
  let hits = 0
  let runs = 0
  const results = []
  for (const [output, jobs] of [
    ['out/', '1'],
    ['out.ndjson', '1'],
    ['out/', '2'],
    ['out.ndjson', '2'],
  ]) {
    const place = join(folder, 'runs')
    const argv = ['../in', '-q', '-j', jobs, '-o', output, '--manifest', 'm.ndjson']
    const fresh = () => {
      rmSync(place, { recursive: true, force: true })
      mkdirSync(place)
    }
    fresh()
    const start = performance.now()
    check(run(place, argv).status === 0, 'the run failed')
    const length = performance.now() - start
    const whole = stateOf(place)
    const quota = hits + Math.ceil(kills / 4)
    while (hits < quota) {
      runs++
      fresh()
      const child = spawn(process.execPath, [BIN, ...argv, '--resume'], { cwd: place, stdio: 'ignore' })
      const end = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)))
      setTimeout(() => child.kill('SIGKILL'), 100 + next() * (length - 100))
      if ((await end) === 'SIGKILL') hits++
      check(run(place, [...argv, '--resume']).status === 0, 'the resumed run failed')
      check(stateOf(place) === whole, `a resumed run differs: ${output}, -j ${jobs}`)
    }
    results.push(whole)
    rmSync(place, { recursive: true, force: true })
  }
  for (let i = 200; i < 1500; i++) rmSync(join(folder, `in/${i}.html`))
  check(results[0] === results[2] && results[1] === results[3], '-j 1 and -j 2 differ')
  return `${runs} runs over 1,500 pages (folder and file as output, \`-j\` 1 and 2) sent SIGKILL at random moments, ${hits} of them before their end, and resumed: every output and manifest byte for byte that of a run left alone, nothing else left behind.`
}

function sameForAnyJobs(folder) {
  const hashOf = (argv) => sha256(run(folder, ['-q', ...argv]).stdout)
  const one = hashOf(['in'])
  for (const jobs of ['2', '4']) check(hashOf(['in', '-j', jobs]) === one, `-j ${jobs} differs`)
  const names = readdirSync(join(folder, 'in')).sort()
  const next = random(11)
  for (let i = 0; i < 5; i++) {
    const cut = 1 + Math.floor(next() * 198)
    const parts = [names.slice(0, cut), names.slice(cut)].map((part) => part.map((name) => `in/${name}`))
    const text = parts.map((part) => run(folder, ['-q', '-j', '2', ...part, '-f', 'ndjson']).stdout).join('')
    check(sha256(text) === one, 'a split of the inputs differs')
  }
  return 'Output identical for `-j` 1, 2 and 4, and for 5 random splits of the inputs.'
}

function flatMemory(folder, many) {
  const peakOf = (count, jobs) => {
    const list = join(folder, 'list')
    writeFileSync(list, Array.from({ length: count }, (_, i) => `in/${i % 200}.html\n`).join(''))

    const preload = join(folder, 'peak.cjs')
    writeFileSync(
      preload,
      "process.on('exit', () => require('fs').writeSync(2, 'peak ' + process.resourceUsage().maxRSS))",
    )
    const { stderr, status } = spawnSync(
      process.execPath,
      ['--require', preload, BIN, '-q', '--files-from', list, '-j', jobs, '-o', '/dev/null'],
      { cwd: folder, encoding: 'utf8' },
    )
    check(status === 0, `a run of ${count} inputs failed: ${stderr}`)
    return Number(/peak (\d+)\D*$/.exec(stderr)[1]) / 1024
  }
  return ['1', '2']
    .map((jobs) => {
      const few = peakOf(5000, jobs)
      const all = peakOf(many, jobs)
      check(all < few * 1.3, `memory grows: ${few} MB for 5,000 inputs, ${all} MB for ${many}`)
      return `\`-j ${jobs}\`: peak memory ${few.toFixed(0)} MB over 5,000 inputs, ${all.toFixed(0)} MB over ${many.toLocaleString('en')}: ${(all / few).toFixed(2)} times.`
    })
    .join(' ')
}

/** Runs work in a small file system of its own; says so where none can be mounted. */
function inSmallDisk(folder, options, work) {
  const disk = join(folder, 'disk')
  mkdirSync(disk, { recursive: true })
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status !== 0)
    return 'skipped: no file system can be mounted here.'
  try {
    return work(disk)
  } finally {
    spawnSync('umount', [disk])
  }
}

const fullDisk = (folder) =>
  `A full disk: ${inSmallDisk(folder, 'size=256k', (disk) => {
    const argv = ['in', '-o', join(disk, 'out.ndjson'), '--manifest', join(folder, 'full.ndjson')]
    const { status, stderr } = run(folder, argv)
    check(status === 4 && stderr.includes('ENOSPC') && stderr.includes('out.ndjson'), `exit ${status}: ${stderr}`)
    check(!existsSync(join(disk, 'out.ndjson')), 'half an output stands')
    spawnSync('mount', ['-o', 'remount,size=16m', disk])
    check(run(folder, [...argv, '--resume', '-q']).status === 0, 'the run was not resumed')
    const whole = run(folder, ['in', '-q', '-f', 'ndjson']).stdout
    check(readFileSync(join(disk, 'out.ndjson'), 'utf8') === whole, 'the resumed output differs')
    return 'the output named, exit 4, no half file; after more room was given, `--resume` ended with the bytes of an undisturbed run.'
  })}`

const readOnly = (folder) =>
  `A read-only target: ${inSmallDisk(folder, 'ro', (disk) => {
    const { status, stderr } = run(folder, ['in', '-o', `${disk}/out/`])
    check(status === 4 && stderr.includes('EROFS'), `exit ${status}: ${stderr}`)
    return 'named, exit 4.'
  })} A file that vanishes: ${vanished(folder)}`

function vanished(folder) {
  const { status, stdout, stderr } = run(folder, ['in/0.html', 'in/gone.html', 'in/1.html', '-j', '2'])
  check(
    status === 1 && stdout.trim().split('\n').length === 2 && stderr.includes('in/gone.html: input.not_found'),
    stderr,
  )
  return 'named, exit 1, the others converted.'
}

function twoRuns(folder) {
  const argv = ['in', 'in', 'in', '-q']
  for (const output of [
    ['-o', 'both/'],
    ['-o', 'both.ndjson'],
    ['-o', 'both.ndjson', '--manifest', 'both.manifest'],
  ]) {
    const children = spawnSync(
      'sh',
      ['-c', `"$0" "$@" & one=$!; "$0" "$@"; echo $?; wait $one; echo $?`, process.execPath, BIN, ...argv, ...output],
      { cwd: folder, encoding: 'utf8' },
    )
    const codes = children.stdout.trim().split('\n').sort().join(' ')
    check(codes === '0 4', `two runs into one output (${output.join(' ')}) ended with ${codes}`)
  }
  return 'Two runs into one folder, file or manifest at once: one ends with 0, the other is refused with 4.'
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await batchProof({ kills: 8, many: 20_000 }))
