import { readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { ConvertSettings } from '../batch/convert-items.ts'
import type { Item } from '../batch/item.ts'
import { OutputNames } from '../batch/names.ts'
import { type BatchHooks, type BatchOptions, runBatch, type Summary } from '../batch/run.ts'
import type { Format } from '../formats/index.ts'
import { toNdjson } from '../formats/json.ts'
import { encodingOf } from '../input/decode.ts'
import {
  ADDRESS,
  expandOperands,
  type Operand,
  type Path,
  readStdin,
  readWholeFile,
  splitList,
  wanted,
  withoutUserinfo,
} from '../input/operands.ts'
import type { Format as InputFormat } from '../input/sniff.ts'
import type { FetchFlags } from './fetching.ts'
import { ClosedPipe, EXIT, type Io, UsageError } from './io.ts'
import type { ColorMode, Messages } from './messages.ts'
import { holdsMany, readOperand } from './read.ts'
import { createTalk, type Talk } from './talk.ts'

export interface ParseOptions extends FetchFlags {
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
  readonly jobs?: number | 'auto'
  readonly timeoutItem?: number
  readonly failFast?: boolean
  readonly maxErrors?: number
  readonly manifest?: string
  readonly resume?: boolean
  readonly retryErrors?: string
  readonly dryRun?: boolean
  readonly strict?: boolean
  readonly color: ColorMode
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** `dafu parse` and `dafu fetch`: converts inputs to records. Gives the exit code. */
export async function parse(inputs: readonly string[], options: ParseOptions, io: Io): Promise<number> {
  const isListed = options.filesFrom !== undefined || options.retryErrors !== undefined
  const operands = inputs.length > 0 || isListed ? inputs : io.stdin.isTTY ? [] : ['-']
  checkUsage(operands, options)
  const isMany = isManyPages(operands, options)
  const retried = options.retryErrors === undefined ? null : readLedger(options.retryErrors)
  const listed = [...operands, ...(retried?.operands ?? []), ...(await readList(options, io))]
  const wants = await wanted(options.include ?? [], options.exclude ?? [])
  const expand = () => expandOperands(listed, wants)
  checkOutputs(options, expand)
  const batch = batchOptions(options, isMany, retried?.uris ?? null)
  if (options.dryRun) return dryRun(expand(), batch, io)

  const talk = createTalk(io, options)
  const isInterrupted = isMany ? io.watchInterrupts() : () => false
  const isFetching = listed.some((operand) => typeof operand === 'string' && ADDRESS.test(operand))
  if (!isFetching && options.warc !== undefined) throw new UsageError('--warc goes with addresses')
  const pages = isFetching
    ? await (await import('./fetching.ts')).createPages(options, io, talk.messages, isInterrupted)
    : null
  try {
    const summary = await convertAll(
      {
        operands: pages?.ahead(expand()) ?? expand(),
        batch,
        isMany,
        total: () => countOf(expand()),
        read: (operand, converter) => readOperand(operand, converter.open, pages, io),
        isInterrupted,
      },
      options,
      talk,
      io,
    )
    if (summary === null) return EXIT.ok
    if (summary.end === 'complete') pages?.finish()
    return exitCode(summary, options.strict ?? false)
  } finally {
    await pages?.close()
  }
}

export interface Conversion {
  readonly operands: Iterable<Operand>
  readonly batch: BatchOptions
  readonly isMany: boolean
  /** Counts the inputs; null where nobody knows how many will come. */
  readonly total: (() => number) | null
  readonly read: BatchHooks['read']
  readonly isInterrupted: BatchHooks['isInterrupted']
}

/** Runs the batch and tells of it; null when nobody reads its output any more. */
export async function convertAll(
  { operands, batch, isMany, total, read, isInterrupted }: Conversion,
  options: ParseOptions,
  { messages, showProgress }: Talk,
  io: Io,
): Promise<Summary | null> {
  const progress = isMany ? await showProgress(total, batch.output.kind === 'stdout') : null
  const codes = new Map<string, number>()
  let summary: Summary
  try {
    summary = await runBatch(operands, batch, {
      stdout: io.stdout,
      read,
      isInterrupted,
      onItem: (item) => {
        progress?.onItem(item)
        report(item, messages, codes, !isMany || (options.verbose ?? false))
      },
    })
  } catch (error) {
    if (error instanceof ClosedPipe) return null
    throw error
  } finally {
    progress?.stop()
  }
  if (isMany) sumUp(summary, codes, options, messages)
  if (summary.end === 'interrupted') messages.note(`stopped; ${resumeHint(options)}`)
  return summary
}

const resumeHint = ({ manifest, warc }: ParseOptions) =>
  warc !== undefined
    ? 'the same command goes on from here: what was fetched is kept'
    : manifest !== undefined
      ? 'the same command with --resume goes on from here'
      : 'nothing of an unfinished file is kept without --manifest'

/** The batch that options ask for. `only`: the pages that are wanted; null for all. */
export function batchOptions(options: ParseOptions, isMany: boolean, only: readonly string[] | null): BatchOptions {
  const output: BatchOptions['output'] =
    options.output === undefined
      ? { kind: 'stdout' }
      : /[/\\]$/.test(options.output) || isFolder(options.output)
        ? { kind: 'folder', path: options.output.replace(/(?<=.)[/\\]+$/, '') }
        : { kind: 'file', path: options.output }
  const settings: ConvertSettings = {
    format: output.kind === 'folder' ? (options.format ?? 'json') : chooseFormat(options, isMany),
    tree: options.tree ?? false,
    evidence: options.evidence ?? false,
    encoding: options.encoding ?? null,
    url: options.url === undefined ? null : withoutUserinfo(options.url),
    type: options.type ?? null,
    members: options.member ?? [],
    statuses: [...(options.warcStatus ?? [200])],
    only,
  }
  const jobs = options.jobs === 'auto' ? availableParallelism() : (options.jobs ?? 1)
  return {
    settings,
    // One job needs no thread of its own, unless it must be stopped.
    jobs: jobs > 1 || options.timeoutItem !== undefined ? jobs : 0,
    timeout: options.timeoutItem === undefined ? (jobs > 1 ? DEFAULT_TIMEOUT_MS : null) : options.timeoutItem * 1000,
    output,
    manifest: options.manifest ?? null,
    resume: options.resume ?? false,
    ledger: options.errors ?? null,
    maxErrors: options.failFast ? 0 : (options.maxErrors ?? null),
  }
}

/** No page takes a minute; one that does holds the others up. */
const DEFAULT_TIMEOUT_MS = 60_000

function report(item: Item, messages: Messages, codes: Map<string, number>, trace: boolean): void {
  const count = (code: string) => codes.set(code, (codes.get(code) ?? 0) + 1)
  if (item.kind === 'skipped') messages.info(item.uri, 'input.skipped', 'The file is no page, or was not asked for.')
  else if (item.kind === 'failed') {
    count(item.failure.code)
    messages.error(item.uri, item.failure.code, item.failure.message, item.failure.hint)
    if (trace && item.stack !== null) messages.trace(item.stack)
  } else if (item.kind === 'record')
    for (const { code, severity, message } of item.diagnostics) {
      count(code)
      if (severity === 'info') messages.info(item.uri, code, message)
      else messages.warning(item.uri, code, message)
    }
}

function sumUp(
  { inputs, converted, failed, skipped, known }: Summary,
  codes: ReadonlyMap<string, number>,
  options: ParseOptions,
  messages: Messages,
): void {
  const parts = [`${inputs} in`, `${converted} ok`, `${failed} failed`]
  if (skipped > 0) parts.push(`${skipped} skipped`)
  if (known > 0) parts.push(`${known} done before`)
  if (failed > 0 && options.errors !== undefined) parts.push(`errors: ${options.errors}`)
  messages.note(parts.join(' · '))
  if (codes.size > 0)
    messages.note(
      [...codes]
        .sort()
        .map(([code, count]) => `${code} ${count}`)
        .join(' · '),
    )
}

/** One line of NDJSON for what would be read, and where it would be written. */
async function dryRun(operands: Iterable<Operand>, { output, settings }: BatchOptions, io: Io): Promise<number> {
  const names = new OutputNames(`.${settings.format}`)
  for (const operand of operands) {
    const target =
      output.kind === 'stdout'
        ? null
        : output.kind === 'file'
          ? output.path
          : `${output.path}/${names.nameOf(operand.uri)}`
    const isRead = operand.kind !== 'skipped' && operand.kind !== 'failed'
    await io.stdout(
      toNdjson({
        input: operand.uri,
        would: isRead ? 'read' : operand.kind === 'failed' ? operand.error.code : 'skip',
        output: isRead ? target : null,
      }),
    )
  }
  return EXIT.ok
}

function countOf(operands: Iterable<Operand>): number {
  let count = 0
  for (const { kind } of operands) if (kind !== 'skipped') count++
  return count
}

/** The inputs of an error ledger: the files to read, and which of their pages. */
function readLedger(path: string): { operands: string[]; uris: string[] } {
  try {
    const uris = readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { input: string }).input]))
    return { uris, operands: [...new Set(uris.map((uri) => (ADDRESS.test(uri) ? uri : uri.split('!')[0]!)))] }
  } catch (error) {
    throw new UsageError(`the ledger ${path} can't be read: ${(error as Error).message}`)
  }
}

const isManyPages = (operands: readonly string[], options: ParseOptions) =>
  operands.length > 1 ||
  options.filesFrom !== undefined ||
  options.retryErrors !== undefined ||
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

/** The verdict on a batch. */
export function exitCode({ end, bugs, failed, converted, warnings }: Summary, strict: boolean): number {
  if (end === 'stopped') return EXIT.stopped
  if (end === 'interrupted') return EXIT.interrupted
  if (bugs > 0) return EXIT.bug
  if (failed > 0) return converted === 0 ? EXIT.none : EXIT.some
  return strict && warnings > 0 ? EXIT.some : EXIT.ok
}

function checkUsage(operands: readonly string[], options: ParseOptions): void {
  if (operands.length === 0 && options.filesFrom === undefined && options.retryErrors === undefined)
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
  if (options.resume && (options.manifest === undefined || options.output === undefined))
    throw new UsageError('--resume goes with --manifest and -o')
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

/** No output may be an input, or another output. */
export function checkOutputs(options: ParseOptions, expand: () => Iterable<Operand>): void {
  const { output, errors, manifest, filesFrom, retryErrors } = options
  const outputs = [output, errors, manifest].filter((path) => path !== undefined)
  const lists = [filesFrom, retryErrors].filter((path) => path !== undefined && path !== '-')
  const taken = new Set<string>()
  for (const path of [...lists, ...outputs]) {
    const name = resolve(path!)
    if (taken.has(name)) throw new UsageError(`${path} is named twice, as an output and as a list or another output`)
    taken.add(name)
  }
  const standing = new Map(outputs.flatMap((path) => identityOf(path).map((identity) => [identity, path] as const)))
  if (standing.size === 0) return
  for (const operand of expand()) {
    if (operand.kind !== 'file') continue
    const same = identityOf(operand.path).find((identity) => standing.has(identity))
    if (same !== undefined) throw new UsageError(`the output ${standing.get(same)} is an input too`)
  }
}

/** What tells a file from every other, whatever names it has; none for what is no file. */
function identityOf(path: Path): string[] {
  try {
    const stat = statSync(path, { bigint: true })
    return stat.isFile() ? [`${stat.dev} ${stat.ino}`] : []
  } catch {
    return []
  }
}
