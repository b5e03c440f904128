import { convert } from '../convert.ts'
import { InputError } from '../diagnostics.ts'
import { createFormatter, type Format, type Formatter } from '../formats/index.ts'
import { type OpenOptions, type Outcome, openFile } from '../input/open.ts'
import { type Path, wanted } from '../input/operands.ts'
import type { Format as InputFormat } from '../input/sniff.ts'
import type { Failure, Item } from './item.ts'
import { sha256Of } from './manifest.ts'

/** What decides a record besides the page: plain data, so that it can cross threads. */
export interface ConvertSettings {
  readonly format: Format
  readonly tree: boolean
  readonly evidence: boolean
  readonly encoding: string | null
  readonly url: string | null
  readonly type: Exclude<InputFormat, 'other'> | null
  readonly members: readonly string[]
  readonly statuses: readonly number[]
  /** Only these pages are wanted; null for all. */
  readonly only: readonly string[] | null
}

/** A file to convert, with the SHA-256 of its pages that an earlier run has done. */
export interface Task {
  readonly uri: string
  readonly path: Path
  readonly known: readonly (readonly [uri: string, sha256: string])[]
}

export interface Converter {
  readonly open: OpenOptions
  /** The items of a file, in order, from the one numbered `from`; `onBegin` is told of each before it is converted. */
  readonly convertFile: (task: Task, from?: number, onBegin?: (uri: string) => void) => AsyncGenerator<Item>
  readonly convertOutcome: (outcome: Outcome, known: ReadonlyMap<string, string>) => Item
}

export async function createConverter(settings: ConvertSettings): Promise<Converter> {
  const formatter = await createFormatter(settings.format, settings.tree)
  const only = settings.only && new Set(settings.only)
  const open: OpenOptions = {
    statuses: new Set(settings.statuses),
    type: settings.type,
    wants: await wanted(settings.members, []),
  }
  const convertOutcome = (outcome: Outcome, known: ReadonlyMap<string, string>) =>
    toItem(outcome, known, settings, only, formatter)
  return {
    open,
    convertOutcome,
    async *convertFile(task, from = 0, onBegin) {
      const known = new Map(task.known)
      let index = 0
      for await (const outcome of openFile(task.uri, asPath(task.path), open)) {
        if (index++ < from) continue
        onBegin?.(uriOf(outcome))
        yield convertOutcome(outcome, known)
      }
    },
  }
}

/** A path of bytes crosses threads as a plain array. */
const asPath = (path: Path | Uint8Array): Path =>
  typeof path === 'string' || Buffer.isBuffer(path) ? path : Buffer.from(path)

export const failureOf = ({ code, transient, message, hint }: InputError): Failure => ({
  code,
  transient,
  message,
  hint,
})

const uriOf = (outcome: Outcome) => (outcome.kind === 'source' ? outcome.source.uri : outcome.uri)

function toItem(
  outcome: Outcome,
  known: ReadonlyMap<string, string>,
  settings: ConvertSettings,
  only: ReadonlySet<string> | null,
  formatter: Formatter,
): Item {
  if (outcome.kind === 'skipped') return outcome
  const uri = uriOf(outcome)
  if (outcome.kind === 'failed')
    return { kind: 'failed', uri, sha256: null, bytes: null, failure: failureOf(outcome.error), stack: null }
  if (only !== null && !only.has(uri)) return { kind: 'skipped', uri }
  const { bytes } = outcome.source
  if (known.has(uri) && known.get(uri) === sha256Of(bytes)) return { kind: 'known', uri }
  try {
    const source =
      settings.url === null ? outcome.source : { ...outcome.source, url: settings.url, urlFrom: 'caller' as const }
    const record = convert(source, { encoding: settings.encoding, evidence: settings.evidence })
    return {
      kind: 'record',
      uri,
      // The id of a record is the hash of its page.
      sha256: record.id.replace('sha256:', ''),
      bytes: bytes.length,
      id: record.id,
      text: formatter(record),
      diagnostics: record.diagnostics,
    }
  } catch (error) {
    const isBug = !(error instanceof InputError)
    const failure = isBug ? new InputError('internal.error', `A bug: ${(error as Error).message}`) : error
    const stack = isBug ? ((error as Error).stack ?? null) : null
    return { kind: 'failed', uri, sha256: sha256Of(bytes), bytes: bytes.length, failure: failureOf(failure), stack }
  }
}
