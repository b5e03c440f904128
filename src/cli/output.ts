import { closeSync, fsyncSync, openSync, realpathSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Io, OutputError, UsageError } from './io.ts'

/** Where records go. `finish` makes them stand; `abandon` leaves nothing behind. */
export interface Output {
  readonly write: (text: string) => Promise<void>
  readonly finish: () => void
  readonly abandon: () => void
}

export function stdoutOutput(io: Io): Output {
  return { write: io.stdout, finish: () => {}, abandon: () => {} }
}

/** A file that appears whole or not at all: a temporary beside it, fsync, rename. */
export function fileOutput(path: string): Output {
  if (isFolder(path)) throw new UsageError(`the output ${path} is a folder; give a file name`)
  const temporary = join(dirname(path), `.${basename(path)}.tmp-${process.pid}`)
  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      throw new OutputError(`the output ${path} can't be written (${code ?? message})`, { cause: error })
    }
  }
  const file = guard(() => openSync(temporary, 'w'))
  let isOpen = true
  const abandon = () => {
    if (!isOpen) return
    isOpen = false
    closeSync(file)
    unlinkSync(temporary)
  }
  const onExit = () => abandon()
  process.once('exit', onExit)
  return {
    write: async (text) => guard(() => void writeAll(file, text)),
    finish: () => {
      guard(() => {
        fsyncSync(file)
        closeSync(file)
        isOpen = false
        renameSync(temporary, path)
      })
      process.removeListener('exit', onExit)
    },
    abandon: () => {
      abandon()
      process.removeListener('exit', onExit)
    },
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Whether two names stand for one file. */
export function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other)
  } catch {
    return false
  }
}
