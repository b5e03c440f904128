import { statSync } from 'node:fs'
import { InputError } from '../diagnostics.ts'
import { bufferBlob, MOST_PIPE_BYTES, openFileBlob } from '../input/blob.ts'
import { detect, type OpenOptions, type Outcome, openBlob, openFile } from '../input/open.ts'
import { type Operand, readStdin } from '../input/operands.ts'
import type { Pages } from './fetching.ts'
import type { Io } from './io.ts'

/** The pages of an operand, archives opened; what can't be read is an outcome too. `pages`: fetches addresses. */
export async function* readOperand(
  operand: Operand,
  options: OpenOptions,
  pages: Pages | null,
  io: Io,
): AsyncGenerator<Outcome> {
  try {
    switch (operand.kind) {
      case 'failed':
      case 'skipped':
        yield operand
        return
      case 'stdin':
        yield* openBlob('-', bufferBlob(await readStdin(io.stdin, MOST_PIPE_BYTES)), options)
        return
      case 'url':
        yield await pages!.fetch(operand)
        return
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
