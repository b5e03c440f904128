/** The world outside as the command sees it; a test gives its own. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean | undefined }
  /** Resolves when the text is taken; rejects with a ClosedPipe when nobody reads any more. */
  readonly stdout: (text: string) => Promise<void>
  readonly stderr: (text: string) => void
  readonly stdoutIsTerminal: boolean
  readonly stderrIsTerminal: boolean
  readonly env: Readonly<{ [name: string]: string | undefined }>
  readonly now: () => Date
  /** From now on the first SIGINT or SIGTERM only asks to stop; the second stops. Gives whether one came. */
  readonly watchInterrupts: () => () => boolean
}

/** The reader of standard output is gone: the command ends quietly. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe'
}

/** Wrong usage: nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const EXIT = { ok: 0, some: 1, usage: 2, none: 3, stopped: 4, bug: 70, interrupted: 130 } as const
