import { readFileSync } from 'node:fs'
import { idOf, verifyRecord } from '../check/verify.ts'
import { InputError } from '../diagnostics.ts'
import { readRecords } from '../formats/read.ts'
import { expandOperands } from '../input/operands.ts'
import type { ReplyRecord } from '../record.ts'
import { EXIT, type Io, UsageError } from './io.ts'
import { type ColorMode, createMessages } from './messages.ts'
import { readOperand } from './read.ts'

export interface VerifyOptions {
  readonly against: string
  readonly color: ColorMode
  readonly quiet?: boolean
}

/** A record may be of any answer that the archive keeps. */
const ANY_STATUS: ReadonlySet<number> = new Set(Array.from({ length: 600 }, (_, status) => status))

/**
 * `dafu verify RECORD --against PAGE`: one line of NDJSON on standard output for every value that does not hold. Gives
 * the exit code: 1 when there is one, 3 when nothing could be compared.
 */
export async function verify(file: string, options: VerifyOptions, io: Io): Promise<number> {
  const messages = createMessages(io, { color: options.color, quiet: options.quiet ?? false, verbose: false })
  try {
    const records = readRecordFile(file)
    let compared = 0
    let count = 0
    for (const operand of expandOperands([options.against], () => true))
      for await (const outcome of readOperand(operand, { statuses: ANY_STATUS, type: null, wants: () => true }, io)) {
        if (outcome.kind === 'failed') throw outcome.error
        if (outcome.kind === 'skipped') continue
        const id = idOf(outcome.source.bytes)
        for (const record of records.filter((one) => one.id === id)) {
          compared++
          for (const difference of verifyRecord(record, outcome.source)) {
            count++
            await io.stdout(
              `${JSON.stringify({ record: record.id, pointer: difference.pointer, recorded: difference.recorded ?? null, derived: difference.derived ?? null })}\n`,
            )
          }
        }
      }
    if (compared === 0) throw new InputError('record.other_page', `No record in the file is of ${options.against}.`)
    messages.note(count === 0 ? `every value holds (records: ${compared})` : `values that do not hold: ${count}`)
    return count === 0 ? EXIT.ok : EXIT.some
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    messages.error(file, error.code, error.message, error.hint)
    return EXIT.none
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
    throw new InputError('record.unreadable', 'The file is no YAML, JSON or NDJSON.', { cause: error })
  }
  for (const record of records) {
    if (typeof record !== 'object' || record === null || (record.schema as string) !== 'dafu/1')
      throw new InputError('record.unreadable', 'The file holds no records of schema dafu/1.')
    if (JSON.stringify(record.blocks).includes('"children":'))
      throw new InputError('record.tree', 'The file holds a --tree view, not records.')
  }
  return records
}
