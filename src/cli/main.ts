import { ClosedPipe, type Io, OutputError } from './io.ts'
import { run } from './run.ts'

const { stdin, stdout, stderr, env } = process
stdout.on('error', () => {})

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
  stderrIsTerminal: stderr.isTTY === true,
  env,
  now: () => new Date(),
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code))

process.exitCode = await run(process.argv.slice(2), io)
