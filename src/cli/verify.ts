import { existsSync, readFileSync } from 'node:fs'
import { type ManifestLine, readManifest, sha256Of } from '../batch/manifest.ts'
import { byFile, checkExtraFiles, checkInputs, checkOutputs, type Drift } from '../check/manifest.ts'
import { verifyRecord } from '../check/verify.ts'
import { idOf } from '../convert.ts'
import { InputError } from '../diagnostics.ts'
import { toNdjson } from '../formats/json.ts'
import { readRecords } from '../formats/read.ts'
import type { OpenOptions } from '../input/open.ts'
import { ADDRESS, expandOperands } from '../input/operands.ts'
import type { ReplyRecord } from '../record.ts'
import { SCHEMA } from '../terms.ts'
import { EXIT, type Io, UsageError } from './io.ts'
import { type ColorMode, createMessages, type Messages } from './messages.ts'
import { readOperand } from './read.ts'

export interface VerifyOptions {
  readonly against?: readonly string[]
  readonly manifest?: string
  readonly color: ColorMode
  readonly quiet?: boolean
}

/** `dafu verify`: a file of records against its page, or a manifest against the disk. Gives the exit code. */
export async function verify(file: string | undefined, options: VerifyOptions, io: Io): Promise<number> {
  const messages = createMessages(io, { color: options.color, quiet: options.quiet ?? false, verbose: false })
  if (options.manifest !== undefined) {
    if (file !== undefined || options.against !== undefined)
      throw new UsageError('--manifest goes without a record file and without --against')
    return verifyManifest(options.manifest, messages, io)
  }
  if (file === undefined || options.against === undefined)
    throw new UsageError('give a file of records and --against the page, or --manifest')
  return verifyRecords(file, options.against, messages, io)
}

/** One line of NDJSON for everything that the manifest says and the disk does not: 1 when there is any. */
async function verifyManifest(path: string, messages: Messages, io: Io): Promise<number> {
  const lines = readManifestFile(path)
  let count = 0
  const print = async (drifts: Iterable<Drift>) => {
    for (const drift of drifts) {
      count++
      await io.stdout(toNdjson(drift))
    }
  }
  let unread = 0
  for (const [file, pages] of byFile(lines)) {
    if (file === '-' || ADDRESS.test(file)) unread += pages.length
    else await print(checkInputs(pages, await hashesOf(file, io)))
  }
  await print(checkOutputs(lines))
  await print(checkExtraFiles(lines))
  if (unread > 0) messages.note(`inputs that came from a pipe or an address, not read again: ${unread}`)
  messages.note(count === 0 ? `all stands as the manifest says (lines: ${lines.length})` : `differences: ${count}`)
  return count === 0 ? EXIT.ok : EXIT.some
}

/** The SHA-256 of the pages of a file, by name; what can't be read is missing. */
async function hashesOf(file: string, io: Io): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  for (const operand of expandOperands([file], () => true))
    for await (const outcome of readOperand(operand, EVERYTHING, null, io))
      if (outcome.kind === 'source') hashes.set(outcome.source.uri, sha256Of(outcome.source.bytes))
  return hashes
}

function readManifestFile(path: string): ManifestLine[] {
  if (!existsSync(path)) throw new UsageError(`there is no manifest ${path}`)
  const lines = readManifest(path)
  if (lines.length === 0) throw new UsageError(`${path} is no manifest`)
  return lines
}

/** A record may be of any answer that the archive keeps. */
const ANY_STATUS: ReadonlySet<number> = new Set(Array.from({ length: 600 }, (_, status) => status))
const EVERYTHING: OpenOptions = { statuses: ANY_STATUS, type: null, wants: () => true }

/** One line of NDJSON for every value that does not hold: 1 when there is one, 3 when nothing could be compared. */
async function verifyRecords(file: string, against: readonly string[], messages: Messages, io: Io): Promise<number> {
  const isFetching = against.some((one) => ADDRESS.test(one))
  const pages = isFetching ? await (await import('./fetching.ts')).createPages({}, io, messages, () => false) : null
  try {
    const records = readRecordFile(file)
    const compared = new Set<ReplyRecord>()
    let count = 0
    for (const operand of expandOperands(against, () => true))
      for await (const outcome of readOperand(operand, EVERYTHING, pages, io)) {
        if (outcome.kind === 'failed')
          messages.error(outcome.uri, outcome.error.code, outcome.error.message, outcome.error.hint)
        if (outcome.kind !== 'source') continue
        const id = idOf(outcome.source.bytes)
        for (const record of records.filter((one) => one.id === id)) {
          compared.add(record)
          for (const difference of verifyRecord(record, outcome.source)) {
            count++
            await io.stdout(
              toNdjson({
                record: record.id,
                pointer: difference.pointer,
                recorded: difference.recorded ?? null,
                derived: difference.derived ?? null,
              }),
            )
          }
        }
      }
    if (compared.size === 0)
      throw new InputError('record.other_page', `No record in the file is of ${against.join(', ')}.`)
    const others = records.length - compared.size
    const said = count === 0 ? `every value holds (records: ${compared.size})` : `values that do not hold: ${count}`
    messages.note(others === 0 ? said : `${said}; records of other pages, not compared: ${others}`)
    return count === 0 ? EXIT.ok : EXIT.some
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    messages.error(file, error.code, error.message, error.hint)
    return EXIT.none
  } finally {
    await pages?.close()
  }
}

function readRecordFile(path: string): ReplyRecord[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`the record file ${path} can't be read (${(error as NodeJS.ErrnoException).code})`)
  }
  let records: ReplyRecord[]
  try {
    records = readRecords(text)
  } catch (error) {
    throw new InputError('record.unreadable', 'The file holds no records in YAML, JSON or NDJSON.', { cause: error })
  }
  for (const record of records) {
    if (typeof record !== 'object' || record === null || record.schema !== SCHEMA)
      throw new InputError('record.unreadable', `The file holds no records of schema ${SCHEMA}.`)
    if (JSON.stringify(record.blocks).includes('"children":'))
      throw new InputError('record.tree', 'The file holds a --tree view, not records.')
  }
  return records
}
