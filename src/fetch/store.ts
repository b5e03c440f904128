import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, truncateSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { GrowingFile, guard, lockOutput, OutputError } from '../files.ts'
import { readHttpHead } from '../input/archives/http.ts'
import { GZIP_MAGIC, readWarcBlock } from '../input/archives/warc.ts'
import { openFileBlob } from '../input/blob.ts'
import type { Exchange } from './client.ts'
import { isTransient } from './retry.ts'
import { digestOf, type Original, type Place, WarcWriter } from './warc-writer.ts'

/** A line of the journal: an address that was asked, and where the answer lies. */
export interface Visit extends Place {
  readonly url: string
  /** When the answer came. */
  readonly date: string
  readonly status: number
  readonly etag: string | null
  readonly last_modified: string | null
  readonly content_type: string | null
  /** Of the body as it came. */
  readonly digest: string
  /** When the body came: earlier than `date` where it was unchanged. */
  readonly body_date: string
  /** Up to where the WARC file stands with this visit. */
  readonly end_file: string
  readonly end: number
}

/** A run has come to its end: `complete`, or with failures that the next run may mend. */
type Mark = { readonly complete: string } | { readonly incomplete: string }
type Line = Visit | Mark

/**
 * What was fetched, for keeps: WARC files `PREFIX-00000.warc.gz` … and beside them a journal, `PREFIX.journal.ndjson`. A
 * visit is in the WARC before it is in the journal, so what a killed run left behind the journal's last line is cut off
 * and asked again.
 */
export class Store {
  private readonly visits = new Map<string, Visit>()
  /** Addresses asked since the last run that came to its end. */
  private readonly fresh = new Set<string>()
  private readonly folder: string
  private readonly journal: GrowingFile
  private readonly writer: WarcWriter
  private readonly release: () => void
  private isMending = false

  /** `most`: bytes behind which the next WARC file begins. Throws an OutputError when another run writes there. */
  constructor(prefix: string, most: number) {
    this.folder = dirname(prefix)
    guard(prefix, () => mkdirSync(this.folder, { recursive: true }))
    this.release = lockOutput(prefix)
    const base = basename(prefix)
    const nameOf = (number: number) => `${base}-${String(number).padStart(5, '0')}.warc.gz`
    const journalPath = `${prefix}.journal.ndjson`
    const lines = guard(journalPath, () => readJournal(journalPath))
    let end: End | null = null
    for (const line of lines) {
      if ('complete' in line) {
        this.fresh.clear()
        this.isMending = false
      } else if ('incomplete' in line) this.isMending = true
      else {
        this.remember(line)
        end = { file: line.end_file, size: line.end }
      }
    }
    this.writer = openWriter(this.folder, nameOf, most, end)
    this.journal = new GrowingFile(journalPath, { append: true })
  }

  /** The last visit of an address. */
  find(url: string): Visit | null {
    return this.visits.get(url) ?? null
  }

  /** Whether an address was asked since the last run that came to its end. */
  isFresh(url: string): boolean {
    return this.fresh.has(url)
  }

  /** The exchange of a visit, as it was kept; null when the WARC no longer has it. */
  async read(visit: Visit): Promise<Pick<Exchange, 'url' | 'date' | 'response'> | null> {
    const path = join(this.folder, visit.file)
    if (!existsSync(path)) return null
    const blob = openFileBlob(path)
    try {
      const record = await readWarcBlock(blob, visit.offset)
      return record?.id === visit.id ? { url: visit.url, date: visit.body_date, response: record.block } : null
    } finally {
      blob.close()
    }
  }

  /** Keeps an exchange; where it brings what an earlier visit has, only that. Gives the exchange with its body. */
  write(exchange: Exchange, via: string | null, earlier: Visit | null): Visit {
    const { status, headers, body } = readHttpHead(exchange.response)!
    const digest = digestOf(body)
    const type = headers.get('content-type') ?? null
    const isSame =
      earlier !== null &&
      (status === 304 ||
        (status === 200 && earlier.status === 200 && digest === earlier.digest && type === earlier.content_type))
    const original: Original | null = isSame ? { ...earlier, date: earlier.body_date } : null
    const place = this.writer.write(exchange, via, original)
    const { file, size } = this.writer.end
    const visit: Visit = {
      url: exchange.url,
      date: exchange.date,
      status: isSame ? earlier.status : status,
      etag: headers.get('etag') ?? (isSame ? earlier.etag : null),
      last_modified: headers.get('last-modified') ?? (isSame ? earlier.last_modified : null),
      content_type: isSame ? earlier.content_type : type,
      digest: isSame ? earlier.digest : digest,
      body_date: isSame ? earlier.body_date : exchange.date,
      ...(isSame ? { file: earlier.file, offset: earlier.offset, length: earlier.length, id: earlier.id } : place),
      end_file: file,
      end: size,
    }
    this.append(visit)
    this.remember(visit)
    return visit
  }

  /**
   * The run has come to its end. Behind it the next one asks anew; where something may be mended, the next one first asks
   * for what failed, once.
   */
  finish(date: string, mayBeMended: boolean): void {
    this.append(mayBeMended && !this.isMending ? { incomplete: date } : { complete: date })
  }

  close(): void {
    this.writer.close()
    this.journal.close()
    this.release()
  }

  /** A failure that may pass does not hide the page that was there before it. */
  private remember(visit: Visit): void {
    if (isTransient(visit.status) && this.visits.has(visit.url)) this.fresh.delete(visit.url)
    else {
      this.visits.set(visit.url, visit)
      this.fresh.add(visit.url)
    }
  }

  private append(line: Line): void {
    this.journal.write(`${JSON.stringify(line)}\n`)
    this.journal.sync()
  }
}

/** Where the WARC files stand with the journal's last visit. */
interface End {
  readonly file: string
  readonly size: number
}

/** Goes on where the journal ends. Throws an OutputError when files stand there that the journal does not know. */
function openWriter(folder: string, nameOf: (number: number) => string, most: number, end: End | null): WarcWriter {
  const numbers = warcNumbers(folder, nameOf)
  const last = numbers.at(-1) ?? -1
  if (end === null) return new WarcWriter(folder, nameOf, most, last + 1, 0)
  const number = numberOf(end.file)
  const unknown = numbers.filter((one) => one > number)
  if (unknown.length > 1 || (unknown.length === 1 && unknown[0] !== number + 1))
    throw new OutputError(
      `${join(folder, nameOf(unknown.at(-1)!))} stands there, which the journal does not know; move it away`,
    )
  const size = sizeOf(join(folder, end.file))
  // A file that is gone, or shorter than the journal says, is left as it is.
  if (size === null || size < end.size) return new WarcWriter(folder, nameOf, most, Math.max(number, last) + 1, 0)
  const isTorn =
    size - end.size <= MOST_TORN &&
    beginsMember(join(folder, end.file), end.size) &&
    unknown.every((one) => sizeOf(join(folder, nameOf(one)))! <= MOST_TORN)
  if (!isTorn) throw new OutputError(`${join(folder, end.file)} holds more than the journal knows; move both away`)
  // Begun by a run that was killed before it wrote the journal's line; put out of the way, lest it was not.
  for (const one of unknown) renameSync(join(folder, nameOf(one)), join(folder, `${nameOf(one)}.torn`))
  return new WarcWriter(folder, nameOf, most, number, end.size)
}

/** The lines of a journal; a last line that was torn is cut off the file. */
function readJournal(path: string): Line[] {
  if (!existsSync(path)) return []
  const bytes = readFileSync(path)
  const whole = bytes.lastIndexOf(0x0a) + 1
  if (whole < bytes.length) truncateSync(path, whole)
  return bytes
    .toString('utf8', 0, whole)
    .split('\n')
    .slice(0, -1)
    .map((text, i) => {
      const line = parseLine(text)
      if (line === null)
        throw new OutputError(`line ${i + 1} of ${path} is none of a journal; move it away with its WARC files`)
      return line
    })
}

function parseLine(text: string): Line | null {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof line !== 'object' || line === null) return null
  const isVisit =
    STRINGS.every((key) => typeof (line as { [key: string]: unknown })[key] === 'string') &&
    NUMBERS.every((key) => Number.isSafeInteger((line as { [key: string]: unknown })[key]))
  return isVisit || 'complete' in line || 'incomplete' in line ? (line as Line) : null
}

const STRINGS = ['url', 'date', 'digest', 'body_date', 'file', 'id', 'end_file'] as const
const NUMBERS = ['status', 'offset', 'length', 'end'] as const

/** More than one exchange never stands behind the journal's last line: its body, packed, and its headers. */
const MOST_TORN = 64 * 1024 * 1024

const WARC_NAME = /-(\d{5,9})\.warc\.gz$/
const numberOf = (name: string) => Number(WARC_NAME.exec(name)?.[1] ?? -1)

/** Whether a gzip member begins at an offset, or the file ends there. */
function beginsMember(path: string, offset: number): boolean {
  const blob = openFileBlob(path)
  try {
    const bytes = blob.read(offset, GZIP_MAGIC.length)
    return GZIP_MAGIC.subarray(0, bytes.length).equals(bytes)
  } finally {
    blob.close()
  }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null
}

/** The numbers of the WARC files that stand there, in order. */
function warcNumbers(folder: string, nameOf: (number: number) => string): number[] {
  return readdirSync(folder)
    .map((name) => ({ name, number: numberOf(name) }))
    .filter(({ name, number }) => number >= 0 && name === nameOf(number))
    .map(({ number }) => number)
    .sort((a, b) => a - b)
}
