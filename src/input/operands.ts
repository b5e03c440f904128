import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { InputError } from '../diagnostics.ts'
import { looksLikeHtml } from './sniff.ts'
import { fileSource, type Source } from './source.ts'

/** What an operand stands for, in the order of the command line; folders are walked in the order of their names. */
export type Operand =
  | { readonly kind: 'file'; readonly uri: string; readonly path: string }
  | { readonly kind: 'stdin'; readonly uri: '-' }
  | { readonly kind: 'url'; readonly uri: string }
  /** A file of a folder that is no page. */
  | { readonly kind: 'skipped'; readonly uri: string }
  | { readonly kind: 'failed'; readonly uri: string; readonly error: InputError }

const PAGE_NAME = /\.(?:s?html?|xhtml|txt)$/i
const HTML_NAME = /\.(?:s?html?|xhtml)$/i
const ADDRESS = /^https?:\/\//i
/** A page of more bytes than this is refused. */
const MOST_BYTES = 50 * 1024 * 1024

/** Expands the operands of a command line. */
export function* expandOperands(operands: readonly string[]): Generator<Operand> {
  for (const operand of operands) {
    if (operand === '-') yield { kind: 'stdin', uri: '-' }
    else if (ADDRESS.test(operand)) yield { kind: 'url', uri: operand }
    else yield* expandPath(operand)
  }
}

const toUri = (path: string) => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path)

function* expandPath(path: string): Generator<Operand> {
  const uri = toUri(path)
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
  let pages = 0
  for (const operand of walk(path.replace(/[/\\]+$/, '') || path)) {
    if (operand.kind === 'file') pages++
    yield operand
  }
  if (pages === 0) yield { kind: 'failed', uri, error: new InputError('input.no_pages', 'The folder holds no pages.') }
}

function* walk(folder: string): Generator<Operand> {
  let names: string[]
  try {
    names = readdirSync(folder).sort()
  } catch (error) {
    yield { kind: 'failed', uri: toUri(folder), error: fileError(error) }
    return
  }
  const pages = new Set(names.filter((name) => HTML_NAME.test(name)).map((name) => name.replace(HTML_NAME, '')))
  for (const name of names) {
    if (name.startsWith('.')) continue
    const path = `${folder}/${name}`
    const uri = toUri(path)
    try {
      const link = lstatSync(path)
      if (link.isDirectory()) {
        const isCompanion = /_files$|\.files$/.test(name) && pages.has(name.replace(/_files$|\.files$/, ''))
        if (!isCompanion) yield* walk(path)
        continue
      }
      const isFile = link.isFile() || (link.isSymbolicLink() && statSync(path).isFile())
      if (isFile && (PAGE_NAME.test(name) || startsLikeHtml(path))) yield { kind: 'file', uri, path }
      else yield { kind: 'skipped', uri }
    } catch (error) {
      yield { kind: 'failed', uri, error: fileError(error) }
    }
  }
}

function startsLikeHtml(path: string): boolean {
  const head = Buffer.alloc(4096)
  const file = openSync(path, 'r')
  try {
    const length = readSync(file, head, 0, head.length, 0)
    const zeroless = head.subarray(0, length).filter((byte) => byte !== 0)
    return looksLikeHtml(Buffer.from(zeroless).toString('latin1'))
  } finally {
    closeSync(file)
  }
}

/** Reads a file as a source. Throws an InputError when it can't be read. */
export function readFileOperand(uri: string, path: string): Source {
  try {
    const { size } = statSync(path)
    if (size > MOST_BYTES) throw new InputError('input.too_big', `The file has ${size} bytes.`)
    return fileSource(uri, readFileSync(path))
  } catch (error) {
    throw error instanceof InputError ? error : fileError(error)
  }
}

/** Reads standard input to its end. */
export async function readStdin(stdin: AsyncIterable<Uint8Array | string>): Promise<Source> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk as Uint8Array))
    size += chunk.length
    if (size > MOST_BYTES) throw new InputError('input.too_big', `Standard input has more than ${MOST_BYTES} bytes.`)
  }
  return fileSource('-', Buffer.concat(chunks))
}

function fileError(error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new InputError('input.not_found', 'There is no such file or folder.', { cause: error })
  if (code === 'EISDIR') return new InputError('input.unreadable', 'The file is a folder.', { cause: error })
  return new InputError('input.unreadable', `The file can't be read (${code ?? 'unknown reason'}).`, { cause: error })
}
