import { convert } from '../convert.ts'
import type { Source } from '../input/source.ts'
import type { ReplyRecord } from '../record.ts'

/** A value that does not hold: what the record says, and what the page or the evidence says. */
export interface Difference {
  /** RFC 6901 pointer of the value. */
  readonly pointer: string
  readonly recorded: unknown
  readonly derived: unknown
}

/**
 * Derives a record anew from its page and names every value that differs; then holds the record against
 * its own evidence, if it has any. The version that made the record is not compared. Throws an InputError when the page
 * gets no record any more.
 */
export function verifyRecord(record: ReplyRecord, page: Pick<Source, 'bytes' | 'diagnostics'>): Difference[] {
  const { url_from, encoding } = record.source
  const isGiven = url_from !== null && GIVEN.has(url_from)
  const derive = (charset: string | null) =>
    convert(
      { ...sourceOf(record, page, isGiven), charset },
      { encoding: encoding.decided_by === 'caller' ? encoding.used : null, evidence: record.evidence !== undefined },
    )
  let derived = derive(null)
  // What the page does not declare, or declares too, was declared by the server.
  const isDeclared =
    derived.source.encoding.declared === encoding.declared && derived.source.encoding.decided_by === encoding.decided_by
  if (isGiven && !isDeclared) derived = derive(encoding.declared)
  const differences = compare(without(record), without(derived), '')
  return [...differences, ...compareWithEvidence(record)]
}

const without = ({ generator: _, ...rest }: ReplyRecord) => rest

/** Sources of an address that do not lie in the page itself. */
const GIVEN: ReadonlySet<string> = new Set(['caller', 'fetch', 'warc', 'mhtml'])

/** The page as it was read: what the caller, the fetch or the archive said of it comes from the record. */
function sourceOf(
  { source }: ReplyRecord,
  page: Pick<Source, 'bytes' | 'diagnostics'>,
  isGiven: boolean,
): Omit<Source, 'charset'> {
  return {
    ...page,
    uri: source.uri,
    url: isGiven ? source.url : null,
    urlFrom: isGiven ? source.url_from : null,
    retrievedAt: source.retrieved_at,
    archive: source.archive,
  }
}

function compare(recorded: unknown, derived: unknown, pointer: string): Difference[] {
  if (Object.is(recorded, derived)) return []
  if (!isContainer(recorded) || !isContainer(derived) || Array.isArray(recorded) !== Array.isArray(derived))
    return [{ pointer, recorded, derived }]
  const keys = new Set([...Object.keys(recorded), ...Object.keys(derived)])
  return [...keys].flatMap((key) =>
    compare(recorded[key], derived[key], `${pointer}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`),
  )
}

const isContainer = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null

/** Every part of a block must be the words that its span shows; every removed stretch too. */
function compareWithEvidence(record: ReplyRecord): Difference[] {
  const { evidence } = record
  if (evidence === undefined) return []
  const points = [...evidence.text]
  const words = (start: number | null, end: number | null) =>
    start === null || end === null ? null : points.slice(start, end).join('')
  const blocks = evidence.spans.flatMap(({ pointer, start, end }) => {
    if (!pointer.startsWith('/blocks/')) return []
    const recorded = valueAt(record, pointer)
    const derived = words(start, end)
    return recorded === derived ? [] : [{ pointer, recorded, derived }]
  })
  const removed = evidence.removed.flatMap(({ text, start, end }, i) =>
    start === null || words(start, end) === text
      ? []
      : [{ pointer: `/evidence/removed/${i}/text`, recorded: text, derived: words(start, end) }],
  )
  return [...blocks, ...removed]
}

function valueAt(record: ReplyRecord, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (isContainer(value) ? value[key] : undefined), record)
}
