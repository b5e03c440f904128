import { OutputError } from '../files.ts'
import { VERSION } from '../version.ts'
import { ClosedPipe, EXIT, type Io, UsageError } from './io.ts'
import { printable } from './printable.ts'

/** Runs the command on arguments without node and script. Gives the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  // Asked by scripts, and often: answered before the libraries are read.
  if (argv.length === 1 && /^(?:-V|--version)$/.test(argv[0]!)) return print(io, `${VERSION}\n`)
  const { CommanderError, createProgram } = await import('./program.ts')
  let exit: number = EXIT.ok
  let help = ''
  const program = createProgram(
    io,
    (text) => {
      help += text
    },
    (code) => {
      exit = code
    },
  )
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof ClosedPipe) return EXIT.ok
    if (error instanceof CommanderError) return error.exitCode === 0 ? print(io, help) : EXIT.usage
    if (error instanceof UsageError) return fail(io, error.message, EXIT.usage)
    if (error instanceof OutputError) return fail(io, error.message, EXIT.stopped)
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    io.stderr(`dafu: a bug: ${stack.split('\n').map(printable).join('\n')}\n`)
    return EXIT.bug
  }
}

async function print(io: Io, text: string): Promise<number> {
  try {
    await io.stdout(text)
  } catch (error) {
    if (error instanceof OutputError) return fail(io, error.message, EXIT.stopped)
    if (!(error instanceof ClosedPipe)) throw error
  }
  return EXIT.ok
}

function fail(io: Io, message: string, code: number): number {
  io.stderr(`dafu: error: ${printable(message)}${code === EXIT.usage ? ' (see dafu --help)' : ''}\n`)
  return code
}
