import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** An output that can't be written stops the command. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
}

/** Does work on an output; names the output when it fails. */
export function guard<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof OutputError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new OutputError(`the output ${path} can't be written (${code ?? message})`, { cause: error })
  }
}

/** Writes all of the bytes, however little a call takes; at a position, or where the file stands. */
export function writeAll(file: number, bytes: Buffer, position: number | null = null): void {
  for (let at = 0; at < bytes.length; )
    at += writeSync(file, bytes, at, bytes.length - at, position === null ? null : position + at)
}

/** Whether an output of this name is a file that may be replaced: not a pipe, a device or a folder. */
export const isPlain = (path: string) => !existsSync(path) || statSync(path).isFile()

/** A file that grows: written at once, made to last by `sync`. */
export class GrowingFile {
  readonly path: string
  size = 0
  private readonly file: number
  private isOpen = true

  constructor(path: string, { append = false } = {}) {
    this.path = path
    this.file = guard(path, () => openSync(path, append ? 'a' : 'w'))
  }

  write(text: string | Buffer): void {
    guard(this.path, () => {
      const bytes = Buffer.from(text as string)
      writeAll(this.file, bytes)
      this.size += bytes.length
    })
  }

  sync(): void {
    guard(this.path, () => fsyncSync(this.file))
  }

  /** Closes it, if it still is open: a file is closed before it is put in its place, and that may fail. */
  close(): void {
    if (this.isOpen) closeSync(this.file)
    this.isOpen = false
  }
}

/** A name beside a file, hidden, for what is not finished yet. */
export const besideName = (path: string, ending: string) => join(dirname(path), `.${basename(path)}.${ending}`)

/** Writes a file that appears whole or not at all: a temporary beside it, fsync, rename. */
export function writeWhole(path: string, text: string): void {
  const temporary = besideName(path, 'part')
  guard(path, () => {
    const file = openSync(temporary, 'w')
    try {
      const bytes = Buffer.from(text)
      writeAll(file, bytes)
      fsyncSync(file)
    } catch (error) {
      closeSync(file)
      unlinkSync(temporary)
      throw error
    }
    closeSync(file)
    renameSync(temporary, path)
  })
}

/** Makes the folders of a name below a folder; a link on the way leads out and is refused. */
export function makeFolders(root: string, name: string, made: Set<string>): void {
  let path = root
  for (const step of name.split('/').slice(0, -1)) {
    path = join(path, step)
    if (made.has(path)) continue
    guard(path, () => {
      mkdirSync(path, { recursive: true })
      if (!lstatSync(path).isDirectory()) throw new OutputError(`the output folder ${path} is a link or a file`)
    })
    made.add(path)
  }
}

/** Holds an output for one run; another run that is alive is named. Gives the release. */
export function lockOutput(path: string): () => void {
  const lock = besideName(path, 'lock')
  const content = JSON.stringify({ pid: process.pid, host: hostname() })
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(lock, content, { flag: 'wx' })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries > 3)
        return guard(path, () => {
          throw error
        })
      const holder = readHolder(lock)
      if (holder && isAlive(holder))
        throw new OutputError(
          `another run (process ${holder.pid} on ${holder.host}) writes ${path}; if it no longer runs, remove ${lock}`,
        )
      rmSync(lock, { force: true })
    }
  }
  const release = () => rmSync(lock, { force: true })
  process.once('exit', release)
  return () => {
    release()
    process.removeListener('exit', release)
  }
}

/** Holds all of these outputs or none. */
export function lockOutputs(paths: readonly string[]): () => void {
  const releases: (() => void)[] = []
  const release = () => {
    for (const one of releases) one()
  }
  try {
    for (const path of paths) releases.push(lockOutput(path))
  } catch (error) {
    release()
    throw error
  }
  return release
}

function readHolder(lock: string): { pid: number; host: string } | null {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as { pid: number; host: string }
  } catch {
    return null
  }
}

function isAlive({ pid, host }: { pid: number; host: string }): boolean {
  if (host !== hostname()) return true
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
