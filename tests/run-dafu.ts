import { ClosedPipe, type Io } from '../src/cli/io.ts'
import { run } from '../src/cli/run.ts'

export interface Outcome {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** Runs the command in this process, without terminals. `closeAfter`: writes that standard output takes before it closes. */
export async function runDafu(
  argv: readonly string[],
  options: { stdin?: string; isTTY?: boolean; closeAfter?: number; env?: Io['env']; now?: Io['now'] } = {},
): Promise<Outcome> {
  let out = ''
  let err = ''
  let writes = 0
  const stdin = Object.assign(
    (async function* () {
      if (options.stdin !== undefined) yield Buffer.from(options.stdin)
    })(),
    { isTTY: options.isTTY },
  )
  const exit = await run(argv, {
    stdin,
    stdout: async (text) => {
      if (options.closeAfter !== undefined && writes++ >= options.closeAfter) throw new ClosedPipe()
      out += text
    },
    stderr: (text) => {
      err += text
    },
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    env: options.env ?? {},
    now: options.now ?? (() => new Date('2026-01-02T03:04:05Z')),
    watchInterrupts: () => () => false,
  })
  return { exit, out, err }
}
