// What a person sees of dafu on a terminal, shown with a real tmux (3 or later): node tools/terminal.js [words of a case]
// Exits with 1 when a check fails or tmux is missing.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../bin/dafu.js', import.meta.url))
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url))
const GOOD = ['siteserver--settings-line', 'generic--short-letter', 'generic--marker-styles', 'table-layout--gbk']
const WARNED = ['generic--hidden-letter', 'generic--not-a-reply']
const REFUSED = ['generic--login-page', 'generic--list-of-titles']
const HELD = join(FIXTURES, 'generic--short-letter', 'page.html')
const PAGES = 2000
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

// An address holds a batch at a known page until it is answered.
const waiting = new Map()
const server = createServer((request, response) => waiting.set(request.url, response))
const answer = (path, status) => {
  const body = status === 200 ? readFileSync(HELD) : ''
  waiting.get(path).writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body)
}
let base = ''
let number = 0

/** A list of files with held addresses among them: where each stands, and what is said of the files before each. */
function listWith(...parts) {
  const name = `list${++number}`
  const held = []
  const messages = []
  const lines = parts.flatMap((part, i) => {
    messages.push(messagesOf(part))
    if (i === parts.length - 1) return part
    held.push(`/${name}/${i}.html`)
    return [...part, `${base}${held[i]}`]
  })
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  return { name, held, messages }
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
      const list = listWith(files.slice(0, 120), [], files.slice(120, 200))
      const terminal = await type(`dafu --files-from ${list.name} -o held.ndjson -j ${jobs}`, size)
      await until('the first held page', () => waiting.has(list.held[0]))
      const first = await soon(() => WHOLE_BAR.test(terminal.look().said.at(-1)))
      const shown = terminal.look().said
      check(first, 'the bar on the last line shows what is done of the total, pages/s and failures', shown)
      if (size[0] >= 80) check(/\d+(?:s|m\d+s)? left$/.test(shown.at(-1)), 'the bar tells the time left', shown)
      check(shown.filter(isBar).length === 1, 'there is one bar', shown)
      check(same(shown.slice(0, -1), list.messages[0]), 'the messages stand above it', shown)
      check(!terminal.isCursorShown(), 'the cursor is hidden')
      // So long that the bar is drawn anew at once when the answer comes, and the message behind it.
      await sleep(SLOW_PAGE_MS)
      answer(list.held[0], 404)
      await until('the second held page', () => waiting.has(list.held[1]))
      const again = await soon(() => isBar(terminal.look().said.at(-1)))
      check(again, 'the bar comes again below the failure of a slow page', terminal.look().said)
      answer(list.held[1], 200)
      const { said: lines } = await terminal.end()
      const rest = lines.filter((line) => !line.includes(base)).slice(0, -2)
      check(lines.length - rest.length === 3, 'the failure of the address is told on a line', lines)
      check(same(rest, list.messages.flat()), 'at the end the bar is gone and every message is whole', lines)
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
    const list = listWith(files.slice(0, 120), files.slice(120, 400))
    const command = `dafu --files-from ${list.name} -o one${jobs}/ --manifest one${jobs}.ndjson -j ${jobs}`
    const terminal = await type(command)
    await until('the held page', () => waiting.has(list.held[0]))
    await until('the bar', () => isBar(terminal.look().said.at(-1)))
    terminal.interrupt()
    check(
      await soon(() => terminal.look().said.some(isStopping)),
      'it says at once that it stops',
      terminal.look().said,
    )
    check(terminal.look().exit === null, 'it waits for the page at hand')
    answer(list.held[0], 200)
    const { said: lines, exit } = await terminal.end()
    const names = filesBelow(`one${jobs}`)
    const last = 'dafu: stopped; the same command with --resume goes on from here'
    check(exit === 130, `the exit code is 130, it is ${exit}`)
    check(lines.at(-1) === last, 'it says how to resume', lines)
    check(/^dafu: \d+ in · \d+ ok · \d+ failed$/.test(lines.at(-3)), 'the counts stand above', lines)
    check(!lines.some(isBar), 'the bar is gone', lines.filter(isBar))
    const rest = lines.slice(0, -3).filter((line) => !isStopping(line))
    check(same(rest, list.messages[0]), 'only whole messages stand above', lines)
    check(terminal.isCursorShown(), 'the cursor is shown again')
    check(
      names.some((name) => name.endsWith(`${list.held[0]}.json`)),
      'the page at hand is finished',
    )
    check(names.every(isWhole), 'every file is whole')
    const ok = Number(/ (\d+) ok/.exec(lines.at(-3))?.[1])
    check(ok === names.length, `there are as many files as the counts say, ${ok}: ${names.length}`)

    waiting.delete(list.held[0])
    const resumed = await type(`${command} --resume`)
    await until('the held page, resumed', () => waiting.has(list.held[0]) || resumed.look().exit !== null)
    if (waiting.has(list.held[0])) answer(list.held[0], 200)
    const { said: after, exit: code } = await resumed.end()
    check(code === 1 && after.some((line) => / in · .* 1[12]\d done before$/.test(line)), '--resume goes on', after)
  })

  for (const output of [`two${jobs}/`, `two${jobs}.ndjson`])
    add(`-j ${jobs}, -o ${output}, two Ctrl-C`, async () => {
      const list = listWith(files.slice(0, 120), files.slice(120, 400))
      const terminal = await type(`dafu --files-from ${list.name} -o ${output} -j ${jobs}`)
      await until('the held page', () => waiting.has(list.held[0]))
      await until('the bar', () => isBar(terminal.look().said.at(-1)))
      terminal.interrupt()
      await until('the first to be heard', () => terminal.look().said.some(isStopping))
      terminal.interrupt()
      const isOver = await soon(() => terminal.look().exit !== null)
      check(isOver, 'it stops at once', terminal.look().said)
      if (!isOver) answer(list.held[0], 200)
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
    const list = listWith(files.slice(0, 120), files.slice(120, 200))
    const terminal = await type(`dafu -q --files-from ${list.name} -o quiet.ndjson -j ${jobs}`)
    await until('the held page', () => waiting.has(list.held[0]))
    const { said: lines } = terminal.look()
    check(lines.length === 0, 'nothing is shown', lines)
    check(terminal.isCursorShown(), 'the cursor stays')
    answer(list.held[0], 200)
    const { said: after, exit } = await terminal.end()
    check(after.length === 0, 'nothing is shown at the end', after)
    check(exit === 1, `the exit code is 1, it is ${exit}`)
  })

  add(`-j ${jobs}, records on the same terminal`, async () => {
    const list = listWith(files.slice(0, 20), files.slice(20, 40))
    const terminal = await type(`dafu --files-from ${list.name} -f yaml -j ${jobs}`)
    await until('the held page', () => waiting.has(list.held[0]))
    await sleep(SLOW_PAGE_MS)
    answer(list.held[0], 200)
    const { said: lines } = await terminal.end()
    const mixed = lines.filter(isBar)
    check(mixed.length === 0, 'at the end no bar stands among the records', mixed)
    const begun = lines.filter((line) => line === 'schema: dafu/1').length
    check(begun === 41, `each of 41 records begins on a line of its own: ${begun} do`)
    const counted = lines.findIndex((line) => line.startsWith('dafu: 41 in '))
    check(counted === lines.length - 2, 'the counts stand behind the records', lines)
  })

  add(`-j ${jobs}, standard error in a file`, async () => {
    const list = listWith(files.slice(0, 120), files.slice(120, 200))
    const terminal = await type(`dafu --files-from ${list.name} -o file.ndjson -j ${jobs} 2> err`)
    await until('the held page', () => waiting.has(list.held[0]))
    answer(list.held[0], 200)
    const { said: lines } = await terminal.end()
    const text = readFileSync(join(folder, 'err'), 'utf8')
    check(lines.length === 0, 'the terminal stays empty', lines)
    check(!/[\x1b\r]/.test(text), 'no escape sequences are in the file')
    check(!text.split('\n').some(isBar), 'no bar is in the file')
    check(same(text.split('\n').slice(0, -3), list.messages.flat()), 'the messages are in the file', text.split('\n'))
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
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${server.address().port}`
  writeFileSync(
    join(folder, 'rc'),
    `PS1='[$?]$ '\nHISTFILE=\nunset NO_COLOR FORCE_COLOR http_proxy https_proxy\ndafu() { '${process.execPath}' '${BIN}' "$@"; }\n`,
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
    for (const terminal of terminals) terminal.close()
  }
} finally {
  try {
    tmux('kill-server')
  } catch {
    // It never ran.
  }
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
}
if (failures.length === 0) console.log(`terminal: ${checks} checks hold`)
else console.log(`terminal: ${failures.length} of ${checks} checks fail`)
process.exitCode = failures.length === 0 ? 0 : 1
