import { ClosedPipe, type Io } from './io.ts'
import { run } from './run.ts'

const { stdin, stdout, stderr, env } = process
stdout.on('error', () => {})

const io: Io = {
  stdin,
  stdout: (text) =>
    new Promise((resolve, reject) => {
      stdout.write(text, (error) => {
        if (!error) resolve()
        else reject((error as NodeJS.ErrnoException).code === 'EPIPE' ? new ClosedPipe() : error)
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
