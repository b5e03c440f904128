import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { type ManifestLine, sha256Of } from '../batch/manifest.ts'
import { OutputNames } from '../batch/names.ts'

/** What a manifest says and the disk does not. */
export interface Drift {
  readonly kind: 'input_changed' | 'input_missing' | 'output_changed' | 'output_missing' | 'output_extra'
  readonly input: string | null
  readonly output: string | null
}

/** More bytes than any format sets between, before or behind records. */
const MOST_FRAMING_BYTES = 8

/** The outputs that differ from their lines: changed, missing, or with more in them than the manifest names. */
export function* checkOutputs(lines: readonly ManifestLine[]): Generator<Drift> {
  for (const [output, records] of groupBy(
    lines.filter((line) => line.output !== null),
    (line) => line.output!,
  )) {
    if (!existsSync(output)) {
      for (const { input } of records) yield { kind: 'output_missing', input, output }
      continue
    }
    const file = openSync(output, 'r')
    try {
      let end = 0
      let hasExtra = false
      for (const { input, output_offset, output_bytes, output_sha256 } of records) {
        const bytes = Buffer.alloc(output_bytes!)
        const count = readSync(file, bytes, 0, bytes.length, output_offset!)
        if (count < bytes.length || sha256Of(bytes) !== output_sha256) yield { kind: 'output_changed', input, output }
        hasExtra ||= output_offset! - end > MOST_FRAMING_BYTES
        end = output_offset! + output_bytes!
      }
      if (hasExtra || fstatSync(file).size - end > MOST_FRAMING_BYTES)
        yield { kind: 'output_extra', input: null, output }
    } finally {
      closeSync(file)
    }
  }
}

/** Files in the output folder that no line names; none when the records stand in one file. */
export function* checkExtraFiles(lines: readonly ManifestLine[]): Generator<Drift> {
  const folder = outputFolder(lines)
  if (folder === null || !existsSync(folder)) return
  const named = new Set(lines.map(({ output }) => output))
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const output = join(entry.parentPath, entry.name)
    if (!entry.isDirectory() && !named.has(output)) yield { kind: 'output_extra', input: null, output }
  }
}

/** The folder given as `-o`: an output without the name that its input gave it. */
function outputFolder(lines: readonly ManifestLine[]): string | null {
  for (const { input, output } of lines) {
    const ending = /\.[a-z]+$/.exec(output ?? '')?.[0]
    if (output === null || ending === undefined) continue
    const name = `/${new OutputNames(ending).nameOf(input)}`
    if (output.endsWith(name)) return output.slice(0, -name.length)
  }
  return null
}

/** What became of the pages of one input; `hashes`: the SHA-256 of those that it holds now, by name. */
export function* checkInputs(lines: readonly ManifestLine[], hashes: ReadonlyMap<string, string>): Generator<Drift> {
  for (const { input, output, sha256 } of lines) {
    if (sha256 === null || hashes.get(input) === sha256) continue
    yield { kind: hashes.has(input) ? 'input_changed' : 'input_missing', input, output }
  }
}

/** The lines by the file that holds their page: an archive, or the page itself. */
export const byFile = (lines: readonly ManifestLine[]) =>
  groupBy(lines, ({ input }) => (existsSync(input) ? input : input.split('!')[0]!))

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group) group.push(value)
    else groups.set(key, [value])
  }
  return groups
}
