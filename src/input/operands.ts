import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { InputError } from '../diagnostics.ts'
import { readName } from './archives/name.ts'
import { openFileBlob } from './blob.ts'
import { findForeignFormat, looksLikeHtml } from './sniff.ts'

/** A path as given, or as bytes where its name is no UTF-8. */
export type Path = string | Buffer

/** What an operand stands for, in the order of the command line; folders are walked in the order of their names. */
export type Operand =
  | { readonly kind: 'file'; readonly uri: string; readonly path: Path }
  | { readonly kind: 'stdin'; readonly uri: '-' }
  /** `uri` is the address without the user's name and password. */
  | { readonly kind: 'url'; readonly uri: string; readonly address: string }
  /** A file of a folder that is neither page nor archive. */
  | { readonly kind: 'skipped'; readonly uri: string }
  | { readonly kind: 'failed'; readonly uri: string; readonly error: InputError }

/** Which files of folders are wanted, by the name below the folder. */
export type Wants = (name: string) => boolean

const READ_NAME = /\.(?:s?html?|xhtml|txt|mht|mhtml|zip|tar|tgz|gz|warc|wacz)$/i
const HTML_NAME = /\.(?:s?html?|xhtml)$/i
const COMPANION = /(?:_files|\.files)$/
export const ADDRESS = /^https?:\/\//i

/** `--include` and `--exclude` as one test; a pattern without / is matched against the last name alone. */
export async function wanted(include: readonly string[], exclude: readonly string[]): Promise<Wants> {
  if (include.length === 0 && exclude.length === 0) return () => true
  const { default: picomatch } = await import('picomatch')
  const matcher = (pattern: string) => {
    const matches = picomatch(pattern, { dot: true, basename: !pattern.includes('/') })
    return (name: string) => matches(name)
  }
  const [includes, excludes] = [include.map(matcher), exclude.map(matcher)]
  return (name) =>
    (includes.length === 0 || includes.some((matches) => matches(name))) && !excludes.some((matches) => matches(name))
}

/** Expands the operands of a command line or of a list. */
export function* expandOperands(operands: Iterable<Path>, wants: Wants): Generator<Operand> {
  for (const operand of operands) {
    if (operand === '-') yield { kind: 'stdin', uri: '-' }
    else if (typeof operand === 'string' && ADDRESS.test(operand))
      yield { kind: 'url', uri: withoutUserinfo(operand), address: operand }
    else yield* expandPath(operand, wants)
  }
}

/** Passwords in addresses reach neither records nor messages. */
export const withoutUserinfo = (address: string) => address.replace(/^([a-z]+:[/\\]{2,})[^/\\?#]*@/i, '$1')

/** The operands in a list: one a line, or parted by NUL. Names that are no UTF-8 stay bytes. */
export function* splitList(bytes: Buffer, separator: '\n' | '\0'): Generator<Path> {
  const end = separator.charCodeAt(0)
  for (let start = 0; start < bytes.length; ) {
    const next = bytes.indexOf(end, start)
    const stop = next < 0 ? bytes.length : next
    const line = bytes.subarray(start, separator === '\n' && bytes[stop - 1] === 0x0d ? stop - 1 : stop)
    if (line.length > 0) yield asPath(line)
    start = stop + 1
  }
}

const asPath = (bytes: Buffer): Path => {
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : bytes
}

/** A path for people: '/' separators, names that are no UTF-8 read as GB18030. */
export function uriOf(path: Path): string {
  const name = typeof path === 'string' ? path : readName(path)
  return process.platform === 'win32' ? name.replaceAll('\\', '/') : name
}

function* expandPath(given: Path, wants: Wants): Generator<Operand> {
  const path = recoverBytes(given)
  // What is no file may be an address of another scheme.
  const uri = withoutUserinfo(uriOf(path))
  let isFolder: boolean
  try {
    isFolder = statSync(path).isDirectory()
  } catch (error) {
    yield { kind: 'failed', uri, error: fileError(error) }
    return
  }
  if (!isFolder) {
    yield { kind: 'file', uri, path }
    return
  }
  let found = 0
  for (const operand of walk(withoutEnd(path), '', wants)) {
    if (operand.kind === 'file') found++
    yield operand
  }
  if (found === 0) yield { kind: 'failed', uri, error: new InputError('input.no_pages', 'The folder holds no pages.') }
}

const withoutEnd = (path: Path): Path => (typeof path === 'string' ? path.replace(/(?<=[^/\\])[/\\]+$/, '') : path)

/** The command line comes as UTF-8; a name that is none has lost bytes there, which its folder still knows. */
function recoverBytes(path: Path): Path {
  if (typeof path !== 'string' || !path.includes('\ufffd')) return path
  const cut = path.lastIndexOf('/')
  const folder = cut < 0 ? '.' : path.slice(0, cut) || '/'
  try {
    const match = readdirSync(folder, { encoding: 'buffer' }).find(
      (name) => name.toString('utf8') === path.slice(cut + 1),
    )
    return match ? Buffer.concat([Buffer.from(cut < 0 ? '' : `${folder}/`), match]) : path
  } catch {
    return path
  }
}

function* walk(folder: Path, below: string, wants: Wants): Generator<Operand> {
  let names: Buffer[]
  try {
    names = readdirSync(folder, { encoding: 'buffer' }).sort(Buffer.compare)
  } catch (error) {
    yield { kind: 'failed', uri: uriOf(folder), error: fileError(error) }
    return
  }
  const pages = new Set(
    names
      .map(readName)
      .filter((name) => HTML_NAME.test(name))
      .map((name) => name.replace(HTML_NAME, '')),
  )
  for (const bytes of names) {
    const name = readName(bytes)
    if (name.startsWith('.')) continue
    const path = asPath(Buffer.concat([Buffer.from(folder as string), Buffer.from('/'), bytes]))
    const uri = uriOf(path)
    try {
      const link = lstatSync(path)
      if (link.isDirectory()) {
        if (!COMPANION.test(name) || !pages.has(name.replace(COMPANION, '')))
          yield* walk(path, `${below}${name}/`, wants)
        continue
      }
      const isFile = link.isFile() || (link.isSymbolicLink() && statSync(path).isFile())
      const isRead = isFile && wants(`${below}${name}`) && (READ_NAME.test(name) || startsLikePage(path))
      yield isRead ? { kind: 'file', uri, path } : { kind: 'skipped', uri }
    } catch (error) {
      yield { kind: 'failed', uri, error: fileError(error) }
    }
  }
}

function startsLikePage(path: Path): boolean {
  const blob = openFileBlob(path)
  try {
    const head = blob.read(0, 4096)
    const format = findForeignFormat(head)?.format ?? 'page'
    if (format !== 'page') return format !== 'other'
    return looksLikeHtml(Buffer.from(head.filter((byte) => byte !== 0)).toString('latin1'))
  } finally {
    blob.close()
  }
}

/** Reads a file whole. Throws an InputError when it can't be read. */
export function readWholeFile(path: Path): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw fileError(error)
  }
}

/** Reads standard input to its end, up to a number of bytes. */
export async function readStdin(stdin: AsyncIterable<Uint8Array | string>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk as Uint8Array))
    size += chunk.length
    if (size > most) throw new InputError('input.too_big', `Standard input has more than ${most} bytes.`)
  }
  return Buffer.concat(chunks)
}

export function fileError(error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new InputError('input.not_found', 'There is no such file or folder.', { cause: error })
  if (code === 'EISDIR') return new InputError('input.unreadable', 'The file is a folder.', { cause: error })
  return new InputError('input.unreadable', `The file can't be read (${code ?? 'unknown reason'}).`, { cause: error })
}
