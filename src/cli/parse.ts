import { createHash } from 'node:crypto'
import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { convert } from '../convert.ts'
import { InputError } from '../diagnostics.ts'
import { createWriter, type Format } from '../formats/index.ts'
import { encodingOf } from '../input/decode.ts'
import type { OpenOptions, Outcome } from '../input/open.ts'
import { expandOperands, type Path, readStdin, readWholeFile, splitList, wanted } from '../input/operands.ts'
import type { Format as InputFormat } from '../input/sniff.ts'
import type { Source } from '../input/source.ts'
import type { ReplyRecord } from '../record.ts'
import { ClosedPipe, EXIT, type Io, OutputError, UsageError } from './io.ts'
import { type ColorMode, createMessages, type Messages } from './messages.ts'
import { fileOutput, isSameFile, type Output, stdoutOutput } from './output.ts'
import { holdsMany, readOperand } from './read.ts'

export interface ParseOptions {
  readonly format?: Format
  readonly output?: string
  readonly tree?: boolean
  readonly evidence?: boolean
  readonly encoding?: string
  readonly url?: string
  readonly errors?: string
  readonly filesFrom?: string
  readonly null?: boolean
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly member?: readonly string[]
  readonly type?: Exclude<InputFormat, 'other'>
  readonly warcStatus?: ReadonlySet<number>
  readonly strict?: boolean
  readonly color: ColorMode
  readonly quiet?: boolean
  readonly verbose?: boolean
}

interface Counts {
  inputs: number
  converted: number
  failed: number
  skipped: number
  warnings: number
  bugs: number
}

/** `dafu parse`: converts inputs to records. Gives the exit code. */
export async function parse(inputs: readonly string[], options: ParseOptions, io: Io): Promise<number> {
  const operands = inputs.length > 0 || options.filesFrom !== undefined ? inputs : io.stdin.isTTY ? [] : ['-']
  checkUsage(operands, options)
  const messages = createMessages(io, {
    color: options.color,
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
  })
  const isMany = isManyPages(operands, options)
  const writer = await createWriter(chooseFormat(options, isMany), options.tree ?? false)
  const counts: Counts = { inputs: 0, converted: 0, failed: 0, skipped: 0, warnings: 0, bugs: 0 }
  const ledger = options.errors === undefined ? null : openLedger(options.errors)
  const open: OpenOptions = {
    statuses: options.warcStatus ?? new Set([200]),
    type: options.type ?? null,
    wants: wanted(options.member ?? [], []),
  }
  const listed = [...operands, ...(await readList(options, io))]
  let output: Output | null = null
  try {
    for (const operand of expandOperands(listed, wanted(options.include ?? [], options.exclude ?? [])))
      for await (const outcome of readOperand(operand, open, io)) {
        if (outcome.kind === 'skipped') {
          counts.skipped++
          messages.info(outcome.uri, 'input.skipped', 'The file is no page, or was not asked for.')
          continue
        }
        counts.inputs++
        const record = convertOutcome(outcome, options, messages, counts, ledger, isMany)
        if (record === null) continue
        reportDiagnostics(record, messages, counts)
        output ??= options.output === undefined ? stdoutOutput(io) : fileOutput(options.output)
        await output.write(writer.next(record))
        counts.converted++
      }
    const end = writer.end()
    if (end !== '') await output?.write(end)
    output?.finish()
  } catch (error) {
    output?.abandon()
    if (error instanceof ClosedPipe) return EXIT.ok
    throw error
  } finally {
    ledger?.close()
  }
  if (isMany)
    messages.note(
      [
        `${counts.inputs} in`,
        `${counts.converted} ok`,
        `${counts.failed} failed`,
        ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
        ...(counts.failed > 0 && options.errors !== undefined ? [`errors: ${options.errors}`] : []),
      ].join(' · '),
    )
  return exitCode(counts, options.strict ?? false)
}

const isManyPages = (operands: readonly string[], options: ParseOptions) =>
  operands.length > 1 ||
  options.filesFrom !== undefined ||
  operands.some((operand) => isFolder(operand) || holdsMany(operand))

const MOST_LIST_BYTES = 1024 * 1024 * 1024

/** The operands of --files-from, a line or a NUL-terminated name each. */
async function readList(options: ParseOptions, io: Io): Promise<Path[]> {
  if (options.filesFrom === undefined) return []
  try {
    const bytes =
      options.filesFrom === '-' ? await readStdin(io.stdin, MOST_LIST_BYTES) : readWholeFile(options.filesFrom)
    return [...splitList(bytes, options.null ? '\0' : '\n')]
  } catch (error) {
    throw new UsageError(`the list ${options.filesFrom} can't be read: ${(error as Error).message}`)
  }
}

function exitCode(counts: Counts, strict: boolean): number {
  if (counts.bugs > 0) return EXIT.bug
  if (counts.failed > 0) return counts.converted === 0 ? EXIT.none : EXIT.some
  return strict && counts.warnings > 0 ? EXIT.some : EXIT.ok
}

function checkUsage(operands: readonly string[], options: ParseOptions): void {
  if (operands.length === 0 && options.filesFrom === undefined)
    throw new UsageError('no input; give files, folders, addresses, or pipe a page in')
  if (options.encoding !== undefined && encodingOf(options.encoding) === null)
    throw new UsageError(
      `unknown encoding ${options.encoding}; names of the WHATWG Encoding Standard are known, such as utf-8, gbk, big5`,
    )
  if (options.url !== undefined) {
    if (isManyPages(operands, options)) throw new UsageError('--url goes with one input only')
    if (!URL.canParse(options.url) || !/^https?:/i.test(options.url))
      throw new UsageError(`--url ${options.url} is no http or https address`)
  }
  const same = options.output !== undefined && operands.find((operand) => isSameFile(operand, options.output!))
  if (same) throw new UsageError(`the output ${options.output} is an input too`)
}

const isFolder = (operand: string) => {
  try {
    return statSync(operand).isDirectory()
  } catch {
    return false
  }
}

const ENDINGS: readonly (readonly [RegExp, Format])[] = [
  [/\.ya?ml$/i, 'yaml'],
  [/\.json$/i, 'json'],
  [/\.(?:ndjson|jsonl)$/i, 'ndjson'],
]

/** -f, else the ending of -o, else YAML for one input and NDJSON for more. */
function chooseFormat(options: ParseOptions, isMany: boolean): Format {
  const byEnding = ENDINGS.find(([pattern]) => options.output !== undefined && pattern.test(options.output))?.[1]
  return options.format ?? byEnding ?? (isMany ? 'ndjson' : 'yaml')
}

function convertOutcome(
  outcome: Exclude<Outcome, { kind: 'skipped' }>,
  options: ParseOptions,
  messages: Messages,
  counts: Counts,
  ledger: Ledger | null,
  isMany: boolean,
): ReplyRecord | null {
  const source = outcome.kind === 'source' ? outcome.source : null
  const uri = outcome.kind === 'source' ? outcome.source.uri : outcome.uri
  try {
    if (outcome.kind === 'failed') throw outcome.error
    const given: Source =
      options.url === undefined ? outcome.source : { ...outcome.source, url: options.url, urlFrom: 'caller' }
    return convert(given, { encoding: options.encoding ?? null, evidence: options.evidence ?? false })
  } catch (error) {
    const isBug = !(error instanceof InputError)
    const failure = isBug
      ? new InputError('internal.error', `A bug: ${(error as Error).message}`, { cause: error })
      : error
    counts.failed++
    if (isBug) counts.bugs++
    messages.error(uri, failure.code, failure.message, failure.hint)
    if (isBug && (!isMany || options.verbose)) messages.trace(error)
    ledger?.write(uri, source, failure)
    return null
  }
}

function reportDiagnostics(record: ReplyRecord, messages: Messages, counts: Counts): void {
  for (const { code, severity, message } of record.diagnostics) {
    if (severity === 'info') messages.info(record.source.uri, code, message)
    else {
      counts.warnings++
      messages.warning(record.source.uri, code, message)
    }
  }
}

/** The error ledger: a line of NDJSON for every input that failed. */
interface Ledger {
  readonly write: (input: string, source: Source | null, failure: InputError) => void
  readonly close: () => void
}

function openLedger(path: string): Ledger {
  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw new OutputError(`the ledger ${path} can't be written (${(error as NodeJS.ErrnoException).code})`, {
        cause: error,
      })
    }
  }
  const file = guard(() => openSync(path, 'w'))
  return {
    write: (input, source, { code, transient, message, hint }) => {
      const sha256 = source === null ? null : createHash('sha256').update(source.bytes).digest('hex')
      guard(() => writeSync(file, `${JSON.stringify({ input, sha256, code, transient, message, hint })}\n`))
    },
    close: () => closeSync(file),
  }
}
