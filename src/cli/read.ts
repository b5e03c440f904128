import { statSync } from 'node:fs'
import { InputError } from '../diagnostics.ts'
import { bufferBlob, openFileBlob } from '../input/blob.ts'
import { detect, type OpenOptions, type Outcome, openBlob, openFile } from '../input/open.ts'
import { type Operand, readStdin } from '../input/operands.ts'
import type { Io } from './io.ts'

const MOST_STDIN_BYTES = 256 * 1024 * 1024

/** The pages of an operand, archives opened; what can't be read is an outcome too. */
export async function* readOperand(operand: Operand, options: OpenOptions, io: Io): AsyncGenerator<Outcome> {
  try {
    switch (operand.kind) {
      case 'failed':
      case 'skipped':
        yield operand
        return
      case 'stdin':
        yield* openBlob('-', bufferBlob(await readStdin(io.stdin, MOST_STDIN_BYTES)), options)
        return
      case 'url': {
        const { fetchPage } = await import('../fetch/fetch-page.ts')
        yield { kind: 'source', source: await fetchPage(operand.address, io.now) }
        return
      }
      case 'file':
        yield* openFile(operand.uri, operand.path, options)
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    yield { kind: 'failed', uri: operand.uri, error }
  }
}

/** Whether a file may hold many pages. */
export function holdsMany(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false
    const blob = openFileBlob(path)
    try {
      return ['zip', 'tar', 'tar.gz', 'warc', 'wacz'].includes(detect(path, blob.read(0, 4096)))
    } finally {
      blob.close()
    }
  } catch {
    return false
  }
}
