import { Chalk, type ChalkInstance } from 'chalk'
import type { Io } from './io.ts'
import { printable } from './printable.ts'

export type ColorMode = 'auto' | 'always' | 'never'

/** What the command says to people, on standard error. */
export interface Messages {
  readonly error: (input: string | null, code: string, message: string, hint?: string) => void
  readonly warning: (input: string, code: string, message: string) => void
  readonly info: (input: string, code: string, message: string) => void
  readonly note: (message: string) => void
  /** A stack trace of a bug. */
  readonly trace: (error: unknown) => void
}

/** `quiet`: nothing is said; `verbose`: infos and stacks too. NO_COLOR and TERM=dumb turn colour off (no-color.org). */
export function createMessages(
  io: Io,
  options: { readonly color: ColorMode; readonly quiet: boolean; readonly verbose: boolean },
): Messages {
  const colored =
    options.color === 'always' ||
    (options.color === 'auto' && io.stderrIsTerminal && !io.env.NO_COLOR && io.env.TERM !== 'dumb')
  const paint: ChalkInstance = new Chalk({ level: colored ? 1 : 0 })
  const say = (line: string) => {
    if (!options.quiet) io.stderr(`dafu: ${line}\n`)
  }
  const subject = (input: string | null, code: string) => `${input === null ? '' : `${printable(input)}: `}${code}`
  return {
    error: (input, code, message, hint) =>
      say(
        `${paint.red('error')}: ${subject(input, code)}: ${printable(message)}${hint ? ` Try: ${printable(hint)}.` : ''}`,
      ),
    warning: (input, code, message) =>
      say(`${paint.yellow('warning')}: ${subject(input, code)}: ${printable(message)}`),
    info: (input, code, message) => {
      if (options.verbose) say(`${paint.cyan('info')}: ${subject(input, code)}: ${printable(message)}`)
    },
    note: (message) => say(printable(message)),
    trace: (error) => {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
      if (!options.quiet) io.stderr(`${stack.split('\n').map(printable).join('\n')}\n`)
    },
  }
}
