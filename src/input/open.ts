import { constants, gunzipSync } from 'node:zlib'
import { InputError } from '../diagnostics.ts'
import { type ArchiveFormat, type ArchiveOptions, type Facts, MOST_BYTES, NO_FACTS } from './archives/archive.ts'
import { type Blob, openFileBlob } from './blob.ts'
import { fileError, type Path } from './operands.ts'
import { type Format, findForeignFormat, looksLikeHtml } from './sniff.ts'
import { NO_ARCHIVE, type Source } from './source.ts'

/** What comes out of an input: pages, and what is no page or can't be read. */
export type Outcome =
  | { readonly kind: 'source'; readonly source: Source }
  | { readonly kind: 'failed'; readonly uri: string; readonly error: InputError }
  | { readonly kind: 'skipped'; readonly uri: string }

export interface OpenOptions extends ArchiveOptions {
  /** Overrules the detection of the outermost format. */
  readonly type: Format | null
  /** Whether a member of an archive is wanted, by its name. */
  readonly wants: (member: string) => boolean
}

/** Archives inside archives deeper than this are no saved pages. */
const DEEPEST = 4
const PAGE_NAME = /\.(?:s?html?|xhtml|txt)$/i
const NO_PAGE_NAME = /\.(?:jpe?g|png|gif|webp|ico|svg|css|js|woff2?|ttf|mp[34]|pdf|docx?|xlsx?|json|xml)$/i

/** Opens an input: a page as it is, an archive member by member, named `outer!inner`. */
export async function* openBlob(uri: string, blob: Blob, options: OpenOptions): AsyncGenerator<Outcome> {
  yield* open(uri, blob, { ...options, depth: 0, place: NO_ARCHIVE, facts: NO_FACTS })
}

/** Opens a file; what can't be read is an outcome too. */
export async function* openFile(uri: string, path: Path, options: OpenOptions): AsyncGenerator<Outcome> {
  try {
    const blob = openFileBlob(path)
    try {
      yield* openBlob(uri, blob, options)
    } finally {
      blob.close()
    }
  } catch (error) {
    if (error instanceof InputError) yield { kind: 'failed', uri, error }
    else if ((error as NodeJS.ErrnoException).syscall !== undefined)
      yield { kind: 'failed', uri, error: fileError(error) }
    else throw error
  }
}

interface Context extends OpenOptions {
  readonly depth: number
  readonly place: Source['archive']
  readonly facts: Facts
}

async function* open(uri: string, blob: Blob, context: Context): AsyncGenerator<Outcome> {
  const head = blob.read(0, 4096)
  const format = context.type ?? detect(uri, head)
  const archive = format === 'page' || format === 'other' ? null : await ARCHIVES[format]()
  if (archive === null) {
    if (blob.size > MOST_BYTES)
      return yield { kind: 'failed', uri, error: new InputError('input.too_big', `The page has ${blob.size} bytes.`) }
    const { url, urlFrom, retrievedAt, charset, diagnostics } = context.facts
    const bytes = blob.read(0, blob.size)
    yield {
      kind: 'source',
      source: { uri, bytes, url, urlFrom, retrievedAt, charset, diagnostics, archive: context.place },
    }
    return
  }
  if (context.depth >= DEEPEST)
    return yield {
      kind: 'failed',
      uri,
      error: new InputError('archive.too_deep', `More than ${DEEPEST} archives lie one in another.`),
    }
  let isEmpty = true
  for await (const member of archive.members(blob, context, uri)) {
    const inner = member.name === null ? uri : `${uri}!${member.name.replaceAll('\\', '/')}`
    if (member.kind === 'failed') {
      isEmpty = false
      yield { kind: 'failed', uri: inner, error: member.error }
    } else if (member.kind === 'skipped') yield { kind: 'skipped', uri: inner }
    else {
      const place = {
        kind: archive.kind,
        offset: member.offset,
        length: member.length,
        record_id: member.facts.recordId,
      }
      const innerFormat = detect(inner, member.blob.read(0, 4096))
      const isArchive = innerFormat !== 'page' && innerFormat !== 'other'
      const isPage = innerFormat === 'page' && (holdsOnePage(format) || isPageMember(member.name, member.blob))
      if (!isArchive && (!isPage || !context.wants(member.name))) {
        yield { kind: 'skipped', uri: inner }
        continue
      }
      isEmpty = false
      yield* open(inner, member.blob, {
        ...context,
        type: isArchive ? null : 'page',
        depth: context.depth + 1,
        place,
        facts: member.facts,
      })
    }
  }
  if (isEmpty) yield { kind: 'failed', uri, error: new InputError('input.no_pages', 'The archive holds no pages.') }
}

/** Formats whose members were chosen as pages already. */
const holdsOnePage = (format: Format) => format === 'warc' || format === 'mhtml'

function isPageMember(name: string, blob: Blob): boolean {
  const base = name.split(/[/\\]/).at(-1)!
  if (base.startsWith('.') || /(?:^|[/\\])__MACOSX[/\\]/.test(name) || /_files[/\\]/.test(name)) return false
  return PAGE_NAME.test(base) || (!NO_PAGE_NAME.test(base) && looksLikeHtml(blob.read(0, 4096).toString('latin1')))
}

/** Each reader is loaded when its format comes: most inputs are pages. */
const ARCHIVES: { readonly [format in Exclude<Format, 'page' | 'other'>]: () => Promise<ArchiveFormat> } = {
  gzip: async () => (await import('./archives/gzip.ts')).gzip,
  zip: async () => (await import('./archives/zip.ts')).zip,
  tar: async () => (await import('./archives/tar.ts')).tar,
  'tar.gz': async () => (await import('./archives/tar.ts')).tarGzip,
  mhtml: async () => (await import('./archives/mhtml.ts')).mhtml,
  warc: async () => (await import('./archives/warc.ts')).warc,
  wacz: async () => (await import('./archives/wacz.ts')).wacz,
}

/** The format of an input: by its first bytes, and for packed data by its name. */
export function detect(name: string, head: Buffer): Format {
  const format = findForeignFormat(head)?.format ?? 'page'
  if (format === 'zip' && /\.wacz$/i.test(name)) return 'wacz'
  if (format !== 'gzip') return format
  if (/\.(?:tar\.gz|tgz)$/i.test(name)) return 'tar.gz'
  return /\.warc(?:\.gz)?$/i.test(name) || startsPackedWarc(head) ? 'warc' : 'gzip'
}

function startsPackedWarc(head: Buffer): boolean {
  try {
    return (
      gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 20 })
        .subarray(0, 5)
        .toString('latin1') === 'WARC/'
    )
  } catch {
    return false
  }
}
