// What a person sees of dafu on a terminal, shown with a real tmux (3 or later): node tools/terminal.js [words of a case]
// Exits with 1 when a check fails or tmux is missing.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../bin/dafu.js', import.meta.url))
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url))
const GOOD = ['siteserver--settings-line', 'generic--short-letter', 'generic--marker-styles', 'table-layout--gbk']
const WARNED = ['generic--hidden-letter', 'generic--not-a-reply']
const REFUSED = ['generic--login-page', 'generic--list-of-titles']
const HELD = readFileSync(join(FIXTURES, 'generic--short-letter', 'page.html'))
const PAGES = 2000
/** Pages before the one that is waited for; the last of them fails, so that its message tells when all are done. */
const BEFORE = 100
const SIZES = [
  [80, 24],
  [40, 15],
]
const DEADLINE_MS = 60_000
/** What the bar draws again with every turn of its clock has come by then. */
const SOON_MS = 3_000
const SLOW_PAGE_MS = 600
const STOPPING = 'dafu: stopping behind the page at hand; once more stops now'
const WHOLE_BAR = /\d+ of \d+ · \d+ pages\/s · \d+ failed/
const isBar = (line) => /[█░]|pages\/s/.test(line)
/** A wide character that does not fit leaves a blank at the margin. */
const squash = (line) => line.replaceAll(' ', '')
const isStopping = (line) => squash(line) === squash(STOPPING)

const folder = mkdtempSync(join(tmpdir(), 'dafu-terminal-'))
const socket = `dafu-${process.pid}`
const tmux = (...argv) =>
  execFileSync('tmux', ['-u', '-L', socket, '-f', join(folder, 'conf'), ...argv], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TMUX: undefined, TMUX_TMPDIR: folder, LC_ALL: 'C.UTF-8' },
  })

const terminals = new Set()
const pipes = []
const failures = []
let checks = 0
let running = ''
/** `seen`: the lines that a failure is shown with. */
function check(holds, words, seen) {
  checks++
  if (holds) return
  failures.push(words)
  console.log(`fails: ${running}: ${words}`)
  for (const line of [seen ?? []].flat().slice(-12)) console.log(`    | ${line}`)
}

/** Asks until there is an answer. */
async function until(words, probe, ms = DEADLINE_MS) {
  for (const end = performance.now() + ms; ; await sleep(30)) {
    const answer = probe()
    if (answer) return answer
    if (performance.now() > end) throw new Error(`no sign of it in ${ms / 1000} s: ${words}`)
  }
}

async function soon(probe) {
  try {
    return await until('', probe, SOON_MS)
  } catch {
    return null
  }
}

let number = 0

/** A named pipe that dafu reads: it waits there until it is given a page, or nothing. */
function makePipe() {
  const name = `pipe${++number}`
  execFileSync('mkfifo', [name], { cwd: folder })
  // Open for both ends, so that no open waits for the other.
  const file = openSync(join(folder, name), constants.O_RDWR | constants.O_NONBLOCK)
  let isOpen = true
  const give = (page) => {
    if (!isOpen) return
    isOpen = false
    if (page !== '') writeSync(file, page)
    closeSync(file)
  }
  pipes.push(give)
  return { name, give }
}

function makeList(...names) {
  const name = `list${++number}`
  writeFileSync(join(folder, name), `${names.join('\n')}\n`)
  return name
}

/** Types a command into a shell of its own; the prompt tells the exit code. */
async function type(command, [width, height] = SIZES[0]) {
  const session = `s${++number}`
  writeFileSync(join(folder, session), `${command}\n`)
  tmux('new-session', '-d', '-s', session, '-x', `${width}`, '-y', `${height}`, '-c', folder, 'bash --rcfile rc -i')
  const target = `=${session}:`
  const capture = (...flags) => tmux('capture-pane', '-p', '-J', '-S', '-', ...flags, '-t', target)
  const look = () => {
    const lines = capture()
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd())
    // The terminal shows the key itself where nothing is written over it.
    const [, before, exit] = /^(.*)\[(\d+)\]\$$/.exec(lines.at(-1)) ?? []
    if (exit === undefined || lines.length === 1) return { said: lines.slice(1), exit: null }
    const rest = before === '' || before === '^C' ? [] : [before]
    return { said: [...lines.slice(1, -1), ...rest], exit: Number(exit) }
  }
  await until('a prompt', () => capture().startsWith('[0]$'))
  tmux('send-keys', '-t', target, `. ./${session}`, 'Enter')
  const terminal = {
    look,
    capture,
    end: () =>
      until(`the end of ${command}`, () => {
        const seen = look()
        return seen.exit === null ? null : seen
      }),
    interrupt: () => tmux('send-keys', '-t', target, 'C-c'),
    isCursorShown: () => tmux('display-message', '-p', '-t', target, '#{cursor_flag}').trim() === '1',
    close: () => {
      tmux('kill-session', '-t', `=${session}`)
      terminals.delete(terminal)
    },
  }
  terminals.add(terminal)
  return terminal
}

const same = (lines, expected) =>
  lines.length === expected.length && lines.every((line, i) => squash(line) === squash(expected[i]))
/** Whether lines are the first of those expected, the last perhaps cut. */
const begins = (lines, expected) =>
  lines.length <= expected.length &&
  lines.every((line, i) =>
    i < lines.length - 1 ? squash(line) === squash(expected[i]) : squash(expected[i]).startsWith(squash(line)),
  )
const filesBelow = (name) =>
  existsSync(join(folder, name))
    ? readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : []
const isWhole = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).schema === 'dafu/1'
  } catch {
    return false
  }
}
/** Hidden files beside and below an output: locks, and what is not finished. */
const leftovers = (name) =>
  [...readdirSync(folder), ...filesBelow(name).map((path) => path.split('/').at(-1))].filter(
    (file) => file.startsWith('.') && (file.includes(name) || file.endsWith('.json.part')),
  )

mkdirSync(join(folder, 'kinds'))
mkdirSync(join(folder, 'in'))
writeFileSync(join(folder, 'kinds/empty'), '')
for (const slug of [...GOOD, ...WARNED, ...REFUSED])
  copyFileSync(join(FIXTURES, slug, 'page.html'), join(folder, 'kinds', slug))
const FAILED = ['empty', ...REFUSED]
const files = Array.from({ length: PAGES }, (_, i) => {
  const name = `in/第${String(i).padStart(4, '0')}号.html`
  const pick = (kinds, every) => kinds[Math.floor(i / every) % kinds.length]
  const kind = i % 50 === 49 ? pick(FAILED, 50) : i % 35 === 34 ? pick(WARNED, 35) : pick(GOOD, 1)
  linkSync(join(folder, 'kinds', kind), join(folder, name))
  return name
})
/** What is said of a file, as a redirected standard error has it; and the counts. */
const said = new Map()
let counts = []
/** Whether all pages before the one waited for are told. */
const isThere = ({ said: lines }) => lines.some((line) => squash(line) === squash(said.get(files[BEFORE - 1])[0]))
const messagesOf = (names) => names.flatMap((name) => said.get(name) ?? [])

function runPlain() {
  const { stderr } = spawnSync(process.execPath, [BIN, 'in', '-o', 'plain.ndjson'], { cwd: folder, encoding: 'utf8' })
  const lines = stderr.trimEnd().split('\n')
  for (const line of lines) {
    const name = /^dafu: (?:error|warning): (in\/[^:]+): /.exec(line)?.[1]
    if (name !== undefined) said.set(name, [...(said.get(name) ?? []), line])
  }
  counts = lines.slice(-2)
}

/** What each case shows: its name, and how. */
const CASES = []
const add = (name, work) => CASES.push([name, work])

for (const jobs of [1, 2]) {
  for (const size of SIZES) {
    const where = `${size.join('x')}, -j ${jobs}`

    add(`${where}, at full speed`, async () => {
      const messages = messagesOf(files)
      const terminal = await type(`dafu in -o free.ndjson -j ${jobs}`, size)
      let whole = 0
      let torn = null
      const { said: lines, exit } = await until('the end', () => {
        const seen = terminal.look()
        if (seen.exit !== null) return seen
        const last = seen.said.at(-1) ?? ''
        const above = isBar(last) ? seen.said.slice(0, -1) : seen.said
        if (WHOLE_BAR.test(last)) whole++
        if (torn === null && !begins(above, [...messages, ...counts])) torn = seen.said
        return null
      })
      check(whole > 0, 'the bar shows what is done of the total, pages/s and failures')
      check(torn === null, 'while it runs, only whole messages stand above the bar', torn)
      check(!lines.some(isBar), 'at the end the bar is gone', lines.filter(isBar))
      check(same(lines, [...messages, ...counts]), 'every message and the counts remain, each whole', lines)
      check(lines.at(-2)?.startsWith(`dafu: ${PAGES} in · `), 'the counts remain', lines)
      check(exit === 1, `the exit code is 1, it is ${exit}`)
      check(terminal.isCursorShown(), 'the cursor is shown again')
    })

    add(`${where}, waiting for pages`, async () => {
      const [first, second] = [makePipe(), makePipe()]
      const list = makeList(...files.slice(0, BEFORE), '-', second.name, ...files.slice(BEFORE, 200))
      // The time limit puts the work in a thread even with one job.
      const command = `dafu --files-from ${list} -o held.ndjson -j ${jobs} --timeout-item 600 < ${first.name}`
      const terminal = await type(command, size)
      await until('the pages before', () => isThere(terminal.look()))
      const isDrawn = await soon(() => WHOLE_BAR.test(terminal.look().said.at(-1)))
      const { said: shown } = terminal.look()
      check(isDrawn, 'the bar on the last line shows what is done of the total, pages/s and failures', shown)
      if (size[0] >= 80) check(/\d+[sm] left$/.test(shown.at(-1)), 'the bar tells the time left', shown)
      check(shown.filter(isBar).length === 1, 'there is one bar', shown)
      check(
        same(
          shown.filter((line) => !isBar(line)),
          messagesOf(files.slice(0, BEFORE)),
        ),
        'messages stand above',
        shown,
      )
      check(!terminal.isCursorShown(), 'the cursor is hidden')
      // So long that the bar is drawn at once with the next page, and its message behind that.
      await sleep(SLOW_PAGE_MS)
      first.give('')
      await until('the failure', () => terminal.look().said.some((line) => line.startsWith('dafu: error: -: ')))
      const isBack = await soon(() => isBar(terminal.look().said.at(-1)))
      check(isBack, 'the bar comes again below the failure of a slow page', terminal.look().said)
      second.give(HELD)
      const { said: lines } = await terminal.end()
      const rest = lines.filter((line) => !line.startsWith('dafu: error: -: ')).slice(0, -2)
      check(same(rest, messagesOf(files.slice(0, 200))), 'at the end the bar is gone and every message is whole', lines)
    })

    add(`${where}, Ctrl-C at full speed`, async () => {
      const output = `mid${++number}.ndjson`
      const terminal = await type(`dafu in -o ${output} -j ${jobs}`, size)
      await until('a bar and a message', () => {
        const { said: lines } = terminal.look()
        return lines.some(isBar) && lines.some((line) => line.startsWith('dafu: error'))
      })
      terminal.interrupt()
      const { said: lines, exit } = await terminal.end()
      check(exit === 130, `the exit code is 130, it is ${exit}`)
      const last = 'dafu: stopped; nothing of an unfinished file is kept without --manifest'
      check(same(lines.slice(-1), [last]), 'it says what is kept', lines)
      check(lines.some(isStopping), 'it says that it stops', lines)
      check(!lines.some(isBar), 'the bar is gone', lines)
      const rest = lines.slice(0, -3).filter((line) => !isStopping(line))
      check(same(rest, messagesOf(files).slice(0, rest.length)), 'only whole messages stand above', lines)
      check(terminal.isCursorShown(), 'the cursor is shown again')
      check(leftovers(output).length === 0, 'nothing is left behind', leftovers(output))
      check(!existsSync(join(folder, output)), 'no half file')
    })
  }

  add(`-j ${jobs}, Ctrl-C at a page`, async () => {
    const output = `one${jobs}`
    const pipe = makePipe()
    const list = makeList(...files.slice(0, BEFORE), '-', ...files.slice(BEFORE, 400))
    const command = `dafu --files-from ${list} -o ${output}/ --manifest ${output}.ndjson -j ${jobs}`
    const terminal = await type(`${command} < ${pipe.name}`)
    await until('the pages before', () => isThere(terminal.look()))
    await soon(() => isBar(terminal.look().said.at(-1)))
    terminal.interrupt()
    const isHeard = await soon(() => terminal.look().said.some(isStopping))
    check(isHeard, 'it says at once that it stops', terminal.look().said)
    check(terminal.look().exit === null, 'it waits for the page at hand')
    pipe.give(HELD)
    const { said: lines, exit } = await terminal.end()
    const names = filesBelow(output)
    const last = 'dafu: stopped; the same command with --resume goes on from here'
    check(exit === 130, `the exit code is 130, it is ${exit}`)
    check(lines.at(-1) === last, 'it says how to resume', lines)
    check(/^dafu: \d+ in · \d+ ok · \d+ failed$/.test(lines.at(-3)), 'the counts stand above', lines)
    check(!lines.some(isBar), 'the bar is gone', lines.filter(isBar))
    const rest = lines.slice(0, -3).filter((line) => !isStopping(line))
    check(same(rest, messagesOf(files.slice(0, BEFORE))), 'only whole messages stand above', lines)
    check(terminal.isCursorShown(), 'the cursor is shown again')
    check(names.includes(join(folder, output, '-.json')), 'the page at hand is finished')
    check(names.every(isWhole), 'every file is whole')
    const ok = Number(/ (\d+) ok/.exec(lines.at(-3))?.[1])
    check(ok === names.length, `there are as many files as the counts say, ${ok}: ${names.length}`)

    writeFileSync(join(folder, 'page'), HELD)
    const resumed = await type(`${command} --resume < page`)
    const { said: after, exit: code } = await resumed.end()
    // The page of a pipe is converted anew.
    const done = after.find((line) => line.endsWith(` · ${BEFORE} done before`))
    check(code === 1 && done !== undefined, '--resume goes on from there', after)
  })

  for (const output of [`two${jobs}/`, `two${jobs}.ndjson`])
    add(`-j ${jobs}, -o ${output}, two Ctrl-C`, async () => {
      const pipe = makePipe()
      const list = makeList(...files.slice(0, BEFORE), '-', ...files.slice(BEFORE, 400))
      const terminal = await type(`dafu --files-from ${list} -o ${output} -j ${jobs} < ${pipe.name}`)
      await until('the pages before', () => isThere(terminal.look()))
      await soon(() => isBar(terminal.look().said.at(-1)))
      terminal.interrupt()
      await until('the first to be heard', () => terminal.look().said.some(isStopping))
      terminal.interrupt()
      const isOver = await soon(() => terminal.look().exit !== null)
      check(isOver, 'it stops at once', terminal.look().said)
      pipe.give('')
      const { exit, said: lines } = await terminal.end()
      check(exit === 130, `the exit code is 130, it is ${exit}`)
      check(terminal.isCursorShown(), 'the cursor is shown again')
      check(!lines.some(isBar), 'the bar is gone', lines.filter(isBar))
      const name = output.replace('/', '')
      check(filesBelow(name).every(isWhole), 'every file is whole')
      check(leftovers(name).length === 0, 'nothing is left behind', leftovers(name))
      check(output !== name || !existsSync(join(folder, name)), 'no half file')
    })

  add(`-j ${jobs}, two Ctrl-C at full speed`, async () => {
    const output = `fast${jobs}`
    const terminal = await type(`dafu in -o ${output}/ -j ${jobs}`)
    await until('some files', () => filesBelow(output).length > 20)
    terminal.interrupt()
    terminal.interrupt()
    const { exit } = await terminal.end()
    check(exit === 130, `the exit code is 130, it is ${exit}`)
    check(filesBelow(output).every(isWhole), 'every file is whole')
    check(leftovers(output).length === 0, 'nothing is left behind', leftovers(output))
    check(terminal.isCursorShown(), 'the cursor is shown again')
  })

  add(`-j ${jobs}, -q`, async () => {
    const terminal = await type(`dafu -q in -o quiet.ndjson -j ${jobs}`)
    let shown = []
    const { said: lines, exit } = await until('the end', () => {
      const seen = terminal.look()
      if (seen.exit === null && seen.said.length > 0) shown = seen.said
      return seen.exit === null ? null : seen
    })
    check(shown.length === 0, 'nothing is shown while it runs', shown)
    check(lines.length === 0, 'nothing is shown at the end', lines)
    check(exit === 1, `the exit code is 1, it is ${exit}`)
  })

  add(`-j ${jobs}, records on the same terminal`, async () => {
    const pipe = makePipe()
    const list = makeList(...files.slice(0, BEFORE), '-', ...files.slice(BEFORE, 140))
    const terminal = await type(`dafu --files-from ${list} -f yaml -j ${jobs} < ${pipe.name}`)
    await until('the pages before', () => isThere(terminal.look()))
    await sleep(SLOW_PAGE_MS)
    pipe.give(HELD)
    const { said: lines } = await terminal.end()
    const mixed = lines.filter(isBar)
    check(mixed.length === 0, 'at the end no bar stands among the records', mixed)
    const ok = Number(/ (\d+) ok/.exec(lines.at(-2))?.[1])
    const begun = lines.filter((line) => line === 'schema: dafu/1').length
    check(begun === ok, `each of ${ok} records begins on a line of its own: ${begun} do`)
    const messages = lines.filter((line) => line.startsWith('dafu: ')).slice(0, -2)
    check(same(messages, messagesOf(files.slice(0, 140))), 'every message is whole', messages)
  })

  add(`-j ${jobs}, standard error in a file`, async () => {
    const terminal = await type(`dafu in -o file.ndjson -j ${jobs} 2> err`)
    const { said: lines } = await terminal.end()
    const text = readFileSync(join(folder, 'err'), 'utf8')
    check(lines.length === 0, 'the terminal stays empty', lines)
    check(!/[\x1b\r█░]/.test(text), 'no escape sequences and no bar are in the file')
    // On a slow machine a plain line tells how far it is.
    const told = text.split('\n').filter((line) => !/^dafu: \d+ done · /.test(line))
    check(same(told, [...messagesOf(files), ...counts, '']), 'the messages are in the file', told)
  })
}

for (const [setting, option, isColoured] of [
  ['', '', true],
  ['NO_COLOR= ', '', true],
  ['NO_COLOR=1 ', '', false],
  ['TERM=dumb ', '', false],
  ['', '--color never', false],
  ['NO_COLOR=1 ', '--color always', true],
])
  add(`${setting}dafu ${option}`.trim(), async () => {
    const some = [files[34], files[49], files[69], files[99]]
    const terminal = await type(`${setting}dafu ${option} ${some.join(' ')} -o colour.ndjson`)
    await terminal.end()
    const text = terminal.capture('-e')
    const escapes = text.match(/\x1b\[[\d;:]*m/g) ?? []
    check(escapes.length > 0 === isColoured, `the messages are ${isColoured ? '' : 'not '}coloured`, text.split('\n'))
    const plain = text
      .replace(/\x1b\[[\d;:]*m/g, '')
      .split('\n')
      .slice(1, 5)
    check(same(plain, messagesOf(some)), 'the messages are whole', plain)
  })

function tmuxVersion() {
  const { stdout, error } = spawnSync('tmux', ['-V'], { encoding: 'utf8' })
  return error ? 0 : Number(/\d+/.exec(stdout)?.[0] ?? 0)
}

if (tmuxVersion() < 3) {
  console.error('terminal: tmux 3 or later is needed; install it (apt-get install tmux)')
  rmSync(folder, { recursive: true, force: true })
  process.exit(1)
}
try {
  writeFileSync(
    join(folder, 'rc'),
    `PS1='[$?]$ '\nHISTFILE=\nunset NO_COLOR FORCE_COLOR\ndafu() { '${process.execPath}' '${BIN}' "$@"; }\n`,
  )
  writeFileSync(
    join(folder, 'conf'),
    'set -g status off\nset -g history-limit 50000\nset -g default-terminal screen-256color\n',
  )
  // A server ends with its last session.
  tmux('new-session', '-d', '-s', 'first', 'cat')
  runPlain()
  const only = process.argv[2] ?? ''
  for (const [name, work] of CASES) {
    if (!name.includes(only)) continue
    running = name
    try {
      await work()
    } catch (error) {
      check(false, error.message)
    }
    for (const give of pipes.splice(0)) give('')
    for (const terminal of terminals) terminal.close()
  }
} finally {
  try {
    tmux('kill-server')
  } catch {
    // It never ran.
  }
  rmSync(folder, { recursive: true, force: true })
}
const holds = checks > 0 && failures.length === 0
console.log(holds ? `terminal: ${checks} checks hold` : `terminal: ${failures.length} of ${checks} checks fail`)
process.exitCode = holds ? 0 : 1
