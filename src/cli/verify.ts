import { readFileSync } from 'node:fs'
import { idOf, verifyRecord } from '../check/verify.ts'
import { InputError } from '../diagnostics.ts'
import { readRecords } from '../formats/read.ts'
import { readFileOperand } from '../input/operands.ts'
import type { ReplyRecord } from '../record.ts'
import { EXIT, type Io, UsageError } from './io.ts'
import { type ColorMode, createMessages } from './messages.ts'

export interface VerifyOptions {
  readonly against: string
  readonly color: ColorMode
  readonly quiet?: boolean
}

/**
 * `dafu verify RECORD --against PAGE`: one line of NDJSON on standard output for every value that does not hold. Gives
 * the exit code: 1 when there is one, 3 when nothing could be compared.
 */
export async function verify(file: string, options: VerifyOptions, io: Io): Promise<number> {
  const messages = createMessages(io, { color: options.color, quiet: options.quiet ?? false, verbose: false })
  try {
    const page = readFileOperand(options.against, options.against).bytes
    const records = readRecordFile(file).filter(({ id }) => id === idOf(page))
    if (records.length === 0)
      throw new InputError(
        'record.other_page',
        `No record in the file is of the page ${options.against}, whose id is ${idOf(page)}.`,
      )
    let count = 0
    for (const record of records) {
      const differences = verifyRecord(record, page)
      count += differences.length
      for (const difference of differences)
        await io.stdout(
          `${JSON.stringify({ record: record.id, ...difference, derived: difference.derived ?? null, recorded: difference.recorded ?? null })}\n`,
        )
    }
    messages.note(count === 0 ? `every value holds (records: ${records.length})` : `values that do not hold: ${count}`)
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
