import { OutputError } from '../files.ts'
import { ClosedPipe, type Io } from './io.ts'
import { CLEAR_LINE } from './progress.ts'
import { run } from './run.ts'

const { stdin, stdout, stderr, env } = process
stdout.on('error', () => {})
// Nobody listens any more: the work goes on, and its verdict stays.
stderr.on('error', () => {})

function watchInterrupts(): () => boolean {
  let count = 0
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.on(signal, () => {
      if (++count > 1) process.exit(code)
      stderr.write(`${stderr.isTTY ? CLEAR_LINE : ''}dafu: stopping behind the page at hand; once more stops now\n`)
    })
  return () => count > 0
}

const io: Io = {
  stdin,
  stdout: (text) =>
    new Promise((resolve, reject) => {
      stdout.write(text, (error) => {
        if (!error) return resolve()
        const { code } = error as NodeJS.ErrnoException
        reject(code === 'EPIPE' ? new ClosedPipe() : new OutputError(`standard output can't be written (${code})`))
      })
    }),
  stderr: (text) => void stderr.write(text),
  stdoutIsTerminal: stdout.isTTY === true,
  stderrIsTerminal: stderr.isTTY === true,
  env,
  now: () => new Date(),
  watchInterrupts,
}

void run(process.argv.slice(2), io).then((code) => {
  process.exitCode = code
})
