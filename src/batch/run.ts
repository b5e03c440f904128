import { existsSync, renameSync, rmSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { besideName, GrowingFile, guard, isPlain, lockOutputs, OutputError } from '../files.ts'
import { FRAMING } from '../formats/index.ts'
import { toNdjson } from '../formats/json.ts'
import type { Outcome } from '../input/open.ts'
import type { Operand } from '../input/operands.ts'
import { VERSION } from '../version.ts'
import { type Converter, type ConvertSettings, createConverter, type Task } from './convert-items.ts'
import { fitHeap } from './heap.ts'
import type { Failure, Item } from './item.ts'
import { type ManifestLine, manifestLine, optionsHash, readManifest } from './manifest.ts'
import type { LocalTask } from './pool.ts'
import { fileSink, folderSink, type Sink, stdoutSink } from './sinks.ts'

export interface BatchOptions {
  readonly settings: ConvertSettings
  /** Worker threads; 0 converts in this thread. */
  readonly jobs: number
  /** Milliseconds for one page; null for no limit. */
  readonly timeout: number | null
  readonly output: { readonly kind: 'stdout' } | { readonly kind: 'file' | 'folder'; readonly path: string }
  readonly manifest: string | null
  readonly resume: boolean
  readonly ledger: string | null
  /** Stop behind so many failures; null for never. */
  readonly maxErrors: number | null
}

/** What the batch asks of the world. */
export interface BatchHooks {
  readonly stdout: (text: string) => Promise<void>
  /** Gives the pages of what is no file: standard input, an address; what can't be read is an outcome too. */
  readonly read: (operand: Exclude<Operand, { kind: 'file' }>, converter: Converter) => AsyncIterable<Outcome>
  /** Told of every item, in order. */
  readonly onItem: (item: Item) => void
  /** Whether the user asked to stop. */
  readonly isInterrupted: () => boolean
}

export interface Summary {
  readonly inputs: number
  readonly converted: number
  readonly failed: number
  readonly skipped: number
  /** Of these, converted by an earlier run. */
  readonly known: number
  readonly warnings: number
  readonly bugs: number
  readonly end: 'complete' | 'stopped' | 'interrupted'
}

/** Seconds. Signals are heard only when the loop pauses. */
const HEAR_EVERY = 0.05
/** Pages between two moments at which all that is written is made to last. */
const SYNC_EVERY = 64

/** Converts operands in order: records to the sink, failures to the ledger, a line for each to the manifest. */
export async function runBatch(
  operands: Iterable<Operand>,
  options: BatchOptions,
  hooks: BatchHooks,
): Promise<Summary> {
  fitHeap()
  const { settings, output, manifest } = options
  const converter = await createConverter(settings)
  const hash = optionsHash(settings)
  if (manifest !== null && !isPlain(manifest)) throw new OutputError(`the output ${manifest} is not a file`)
  const release = lockOutputs([
    ...(output.kind === 'folder' || (output.kind === 'file' && isPlain(output.path)) ? [output.path] : []),
    ...(manifest === null ? [] : [manifest]),
  ])
  const earlier = manifest === null ? null : prepareManifest(manifest, output, options.resume)
  const sink = createSink(options, hooks, earlier?.data ?? null)
  const ledger = options.ledger === null ? null : new GrowingFile(options.ledger)
  const journal = manifest === null ? null : new GrowingFile(besideName(manifest, 'part'))
  const counts = { inputs: 0, converted: 0, failed: 0, skipped: 0, known: 0, warnings: 0, bugs: 0 }
  let end: Summary['end'] = 'complete'
  let pending = ''
  let unsynced = 0
  let heard = process.uptime()
  const flush = () => {
    if (journal === null) return
    sink.sync()
    journal.write(pending)
    journal.sync()
    pending = ''
    unsynced = 0
  }
  const note = (line: ManifestLine) => {
    if (journal === null) return
    pending += toNdjson(line)
    if (++unsynced >= SYNC_EVERY) flush()
  }
  const fail = (uri: string, sha256: string | null, failure: Failure) => {
    counts.failed++
    if (failure.code === 'internal.error') counts.bugs++
    ledger?.write(toNdjson({ input: uri, sha256, ...failure }))
  }

  try {
    for await (const item of itemsOf(operands, options, converter, earlier?.lines ?? null, sink, hash, hooks)) {
      hooks.onItem(item)
      if (item.kind === 'skipped') counts.skipped++
      else {
        counts.inputs++
        if (item.kind === 'failed') {
          fail(item.uri, item.sha256, item.failure)
          note(manifestLine(item, null, hash))
        } else if (item.kind === 'record') {
          const written = await sink.write(item.uri, item.text)
          counts.converted++
          counts.warnings += item.diagnostics.filter(({ severity }) => severity !== 'info').length
          note(manifestLine(item, written, hash))
        } else await recall(item.uri)
      }
      if (process.uptime() - heard > HEAR_EVERY) {
        await setImmediate()
        heard = process.uptime()
      }
      if (hooks.isInterrupted()) end = 'interrupted'
      else if (options.maxErrors !== null && counts.failed > options.maxErrors) end = 'stopped'
      if (end !== 'complete') break
    }
    // Inputs may end early because the user asked to stop.
    if (end === 'complete' && hooks.isInterrupted()) end = 'interrupted'
    flush()
    journal?.close()
    if (end === 'complete') {
      await sink.finish()
      if (manifest !== null) finishManifest(manifest, output)
    } else sink.stop()
  } catch (error) {
    sink.stop()
    throw error
  } finally {
    journal?.close()
    ledger?.close()
    release()
  }
  return { ...counts, end }

  async function recall(uri: string): Promise<void> {
    const line = earlier!.lines.get(uri)!
    counts.known++
    if (line.status === 'failed') {
      fail(uri, line.sha256, line.error!)
      note(line)
      return
    }
    const text = sink.recall(line)!
    const written = output.kind === 'folder' ? null : await sink.write(uri, text)
    counts.converted++
    counts.warnings += line.diagnostics.warning + line.diagnostics.error
    note(written ? { ...line, output: written.output, output_offset: written.offset } : line)
  }
}

function createSink({ output, settings, manifest }: BatchOptions, hooks: BatchHooks, earlierData: string | null): Sink {
  const framing = FRAMING[settings.format]
  switch (output.kind) {
    case 'stdout':
      return stdoutSink(hooks.stdout, framing)
    case 'file':
      return fileSink(output.path, framing, earlierData, manifest !== null)
    case 'folder':
      return folderSink(output.path, `.${settings.format}`)
  }
}

interface Earlier {
  readonly lines: ReadonlyMap<string, ManifestLine>
  /** The file with the records of those lines. */
  readonly data: string | null
}

/** Finds what an earlier run left: the better of its unfinished manifest and the finished one; puts it out of the way. */
function prepareManifest(manifest: string, output: BatchOptions['output'], resume: boolean): Earlier | null {
  const dataOf = (ending: string | null) =>
    output.kind !== 'file' ? null : ending === null ? output.path : besideName(output.path, ending)
  const drop = (ending: string) => {
    rmSync(besideName(manifest, ending), { force: true })
    const data = dataOf(ending)
    if (data !== null) rmSync(data, { force: true })
  }
  if (!resume) {
    drop('part')
    drop('old')
    return null
  }
  const part = readManifest(besideName(manifest, 'part'))
  const old = readManifest(besideName(manifest, 'old'))
  const done = readManifest(manifest)
  const toMap = (lines: readonly ManifestLine[]) => new Map(lines.map((line) => [line.input, line]))
  if (done.length >= Math.max(part.length, old.length)) {
    drop('part')
    drop('old')
    return { lines: toMap(done), data: dataOf(null) }
  }
  if (part.length >= old.length) {
    drop('old')
    guard(manifest, () => {
      const [from, to] = [dataOf('part'), dataOf('old')]
      if (from !== null && to !== null && existsSync(from)) renameSync(from, to)
      renameSync(besideName(manifest, 'part'), besideName(manifest, 'old'))
    })
    return { lines: toMap(part), data: dataOf('old') }
  }
  drop('part')
  return { lines: toMap(old), data: dataOf('old') }
}

function finishManifest(manifest: string, output: BatchOptions['output']): void {
  guard(manifest, () => renameSync(besideName(manifest, 'part'), manifest))
  rmSync(besideName(manifest, 'old'), { force: true })
  if (output.kind === 'file') rmSync(besideName(output.path, 'old'), { force: true })
}

async function* itemsOf(
  operands: Iterable<Operand>,
  options: BatchOptions,
  converter: Converter,
  earlier: ReadonlyMap<string, ManifestLine> | null,
  sink: Sink,
  hash: string,
  hooks: BatchHooks,
): AsyncGenerator<Item> {
  const knownOf = earlier === null ? () => [] : knownFinder(earlier, sink, hash)
  const local = (operand: Exclude<Operand, { kind: 'file' }>): LocalTask => ({
    async *items() {
      for await (const outcome of hooks.read(operand, converter)) yield converter.convertOutcome(outcome, new Map())
    },
  })
  function* tasks(): Generator<Task | LocalTask> {
    for (const operand of operands)
      yield operand.kind === 'file'
        ? { uri: operand.uri, path: operand.path, known: knownOf(operand.uri) }
        : local(operand)
  }
  if (options.jobs > 0) {
    const { convertInWorkers } = await import('./pool.ts')
    yield* convertInWorkers(tasks(), options.settings, options)
  } else for (const task of tasks()) yield* 'items' in task ? task.items() : converter.convertFile(task)
}

/** What an earlier run has proved done of an input and its members: same version, same options, its record still there. */
function knownFinder(
  earlier: ReadonlyMap<string, ManifestLine>,
  sink: Sink,
  hash: string,
): (uri: string) => Task['known'] {
  const byOuter = new Map<string, ManifestLine[]>()
  for (const line of earlier.values())
    for (let at = line.input.length; at >= 0; at = line.input.lastIndexOf('!', at - 1)) {
      const outer = line.input.slice(0, at)
      const lines = byOuter.get(outer)
      if (lines) lines.push(line)
      else byOuter.set(outer, [line])
      if (at === 0) break
    }
  return (uri) =>
    (byOuter.get(uri) ?? []).flatMap((line) => {
      const holds =
        line.sha256 !== null &&
        line.version === VERSION &&
        line.options === hash &&
        (line.status === 'failed' || sink.recall(line) !== null)
      return holds ? [[line.input, line.sha256!] as const] : []
    })
}
