import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { besideName, GrowingFile, guard, isPlain, makeFolders, writeWhole } from '../files.ts'
import type { Framing } from '../formats/index.ts'
import { type ManifestLine, sha256Of, type Written } from './manifest.ts'
import { OutputNames } from './names.ts'

/** Where records go. */
export interface Sink {
  /** Writes a record; gives its place, or null where there is none to name. */
  readonly write: (uri: string, text: string) => Promise<Written | null>
  /** The text of a record that an earlier run wrote, if it still stands as its line says. */
  readonly recall: (line: ManifestLine) => string | null
  readonly sync: () => void
  /** All is written: make it stand. */
  readonly finish: () => Promise<void>
  /** The run ends early: keep what a later run can go on from, or leave nothing behind. */
  readonly stop: () => void
}

/** Records on standard output. */
export function stdoutSink(write: (text: string) => Promise<void>, framing: Framing): Sink {
  let count = 0
  return {
    write: async (_, text) => {
      await write((count++ === 0 ? framing.first : framing.between) + text)
      return null
    },
    recall: () => null,
    sync: () => {},
    finish: async () => {
      if (count > 0 && framing.end !== '') await write(framing.end)
    },
    stop: () => {},
  }
}

/**
 * Records in one file, which appears when all of them are written; a pipe or a device is written as it is. `earlier`:
 * the data of a run that this one goes on from; `keep`: what is written stays when the run ends early.
 */
export function fileSink(path: string, framing: Framing, earlier: string | null, keep: boolean): Sink {
  const isReplaced = isPlain(path)
  const target = isReplaced ? besideName(path, 'part') : path
  let file: GrowingFile | null = null
  const remove = () => {
    if (isReplaced && !keep) rmSync(target, { force: true })
  }
  const open = () => {
    if (file === null) {
      file = new GrowingFile(target)
      process.once('exit', remove)
    }
    return file
  }
  const sync = () => {
    if (isReplaced) file?.sync()
  }
  return {
    write: async (_, text) => {
      const file = open()
      file.write(file.size === 0 ? framing.first : framing.between)
      const offset = file.size
      file.write(text)
      return { output: path, offset, text }
    },
    recall: (line) => {
      if (earlier === null || line.output_offset === null || line.output_bytes === null) return null
      const bytes = readSlice(earlier, line.output_offset, line.output_bytes)
      return bytes !== null && sha256Of(bytes) === line.output_sha256 ? bytes.toString('utf8') : null
    },
    sync,
    finish: async () => {
      if (file === null) return
      file.write(framing.end)
      sync()
      file.close()
      if (isReplaced) guard(path, () => renameSync(target, path))
      process.removeListener('exit', remove)
    },
    stop: () => {
      file?.close()
      remove()
    },
  }
}

function readSlice(path: string, offset: number, length: number): Buffer | null {
  if (!existsSync(path)) return null
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(length)
    return readSync(file, bytes, 0, length, offset) === length ? bytes : null
  } finally {
    closeSync(file)
  }
}

/** A file for every record, in a folder that mirrors the inputs. */
export function folderSink(folder: string, ending: string): Sink {
  const names = new OutputNames(ending)
  const made = new Set<string>()
  guard(folder, () => makeFolders(folder, '', made))
  return {
    write: async (uri, text) => {
      const name = names.nameOf(uri)
      makeFolders(folder, name, made)
      const path = join(folder, name)
      writeWhole(path, text)
      return { output: path, offset: 0, text }
    },
    recall: (line) => {
      names.nameOf(line.input)
      if (line.output === null || !existsSync(line.output)) return null
      const bytes = readFileSync(line.output)
      return sha256Of(bytes) === line.output_sha256 ? bytes.toString('utf8') : null
    },
    sync: () => {},
    finish: async () => {},
    stop: () => {},
  }
}
