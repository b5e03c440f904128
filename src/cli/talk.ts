import type { Io } from './io.ts'
import { type ColorMode, createMessages, type Messages } from './messages.ts'
import { CLEAR_LINE, canDrawBar, createProgress, type Progress } from './progress.ts'

/** What a command says on standard error: messages, and a progress bar that gives way to them. */
export interface Talk {
  readonly messages: Messages
  readonly showProgress: (total: (() => number) | null, recordsToStdout: boolean) => Promise<Progress>
}

export function createTalk(
  io: Io,
  options: { readonly color: ColorMode; readonly quiet?: boolean; readonly verbose?: boolean },
): Talk {
  const quiet = options.quiet ?? false
  let isBar = false
  const stderr = (text: string) => io.stderr(isBar ? CLEAR_LINE + text : text)
  const messages = createMessages({ ...io, stderr }, { color: options.color, quiet, verbose: options.verbose ?? false })
  return {
    messages,
    async showProgress(total, recordsToStdout) {
      isBar = !quiet && canDrawBar(io, recordsToStdout)
      return createProgress(io, messages, quiet, isBar, total)
    },
  }
}
