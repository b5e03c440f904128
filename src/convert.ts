import { createHash } from 'node:crypto'
import { type Diagnostic, InputError } from './diagnostics.ts'
import { findDamage } from './input/damage.ts'
import { type Decoded, decode } from './input/decode.ts'
import { findForeignFormat, looksLikeHtml } from './input/sniff.ts'
import type { Source } from './input/source.ts'
import { type LetterReading, readLetter } from './letter/letter.ts'
import { type PageReading, readPage, readTextPage } from './page/page.ts'
import { buildEvidence, countCoverage, type Removed, sumRemoved } from './proof.ts'
import type { ReplyRecord } from './record.ts'
import { SCHEMA } from './terms.ts'
import { VERSION } from './version.ts'

export interface ConvertOptions {
  /** Overrules every sign of an encoding. */
  readonly encoding: string | null
  /** Adds `evidence`: text, spans and the removed text. */
  readonly evidence: boolean
}

/**
 * The whole pipeline: a page's bytes to its record. No disk, no network, no clock. Throws an InputError when the page
 * holds no letter.
 */
export function convert(source: Source, options: ConvertOptions): ReplyRecord {
  refuseForeign(source)
  const decoded = decode(source.bytes, { encoding: options.encoding, charset: source.charset })
  const isHtml = looksLikeHtml(decoded.text)
  const page = isHtml ? readPage(decoded.text, hostOf(source.url)) : readTextPage(decoded.text)
  const address = source.url === null ? page.address : { url: source.url, from: source.urlFrom }
  const base = page.base === null ? address.url : resolve(page.base, address.url)
  const letter = readLetter(page.letter, {
    title: page.title,
    text: page.text,
    publisher: page.page.publisher,
    resolve: (href) => (base ? resolve(href, base) : null),
  })
  const removed = removedOf(page, letter)
  const sums = sumRemoved(page, removed)
  const record: ReplyRecord = {
    schema: SCHEMA,
    id: idOf(source.bytes),
    page: page.page,
    reply: letter.reply,
    blocks: [...letter.blocks],
    catalog: page.catalog,
    source: {
      uri: source.uri,
      url: address.url,
      url_from: address.from,
      retrieved_at: source.retrievedAt ?? page.address.savedAt,
      media_type: isHtml ? 'text/html' : 'text/plain',
      bytes: source.bytes.length,
      encoding: {
        used: decoded.used,
        decided_by: decoded.decidedBy,
        declared: decoded.declared,
        replacement_chars: decoded.replacementChars,
      },
      archive: source.archive,
      profile: page.profile,
    },
    removed: sums,
    diagnostics: [...source.diagnostics, ...diagnosticsOf(decoded, page, letter)],
    coverage: countCoverage(page, letter, sums),
    redactions: [],
    generator: { name: 'dafu', version: VERSION },
  }
  return options.evidence ? { ...record, evidence: buildEvidence(page, letter, removed) } : record
}

/** A reply page has some hundred kilobytes. */
const MOST_BYTES = 20 * 1024 * 1024

function refuseForeign(source: Source): void {
  if (source.bytes.length === 0) throw new InputError('input.empty', 'The input is empty.')
  if (source.bytes.length > MOST_BYTES)
    throw new InputError('input.too_big', `The page has ${source.bytes.length} bytes.`)
  const foreign = findForeignFormat(source.bytes)
  if (foreign && foreign.format !== 'other')
    throw new InputError('input.archive', `The input is a ${foreign.name}, not a page.`)
  if (foreign) throw new InputError('input.not_a_page', `The input is a ${foreign.name}, not a page.`)
}

/** Everything that is neither letter nor field: what the page stage named, and the lines behind the letter's end. */
function removedOf(page: PageReading, letter: LetterReading): Removed[] {
  const behind = letter.behind.map((line) => ({
    start: line.at,
    end: line.at + line.text.length,
    kind: 'unknown' as const,
    rule: 'letter.behind',
  }))
  const named: Removed[] = []
  for (const allotment of page.allotments)
    if ('removed' in allotment)
      named.push({ start: allotment.start, end: allotment.end, kind: allotment.removed, rule: allotment.rule })
  return behind.length === 0 ? named : [...named, ...behind].sort((a, b) => a.start - b.start)
}

function diagnosticsOf(decoded: Decoded, page: PageReading, letter: LetterReading): Diagnostic[] {
  return [...decoded.diagnostics, ...findDamage(page.text), ...page.diagnostics, ...letter.diagnostics]
}

function hostOf(url: string | null): string | null {
  return url !== null && URL.canParse(url) ? new URL(url).hostname : null
}

function resolve(href: string, base: string | null): string | null {
  const from = base ?? undefined
  return URL.canParse(href, from) ? new URL(href, from).href : null
}

/** The id of the record of a page: the SHA-256 of its bytes. */
export const idOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
