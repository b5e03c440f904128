import { bufferBlob } from '../blob.ts'
import { type ArchiveFormat, damaged, MOST_BYTES, NO_FACTS, tooBig } from './archive.ts'
import { readGzipMember } from './gzip-member.ts'

/** A packed page, `page.html.gz`: its members one after another are one file. */
export const gzip: ArchiveFormat = {
  kind: 'gzip',
  async *members(blob, _, name) {
    const inner = name.split('/').at(-1)!.replace(/\.gz$/i, '') || 'data'
    const pieces: Buffer[] = []
    let size = 0
    for (let offset = 0; offset < blob.size; ) {
      const member = await readGzipMember(blob, offset)
      if (member === null || member.bytes === null) {
        const error = member ? tooBig(offset) : damaged('The gzip data is damaged', offset, blob.size - offset)
        yield { kind: 'failed', name: inner, error }
        return
      }
      pieces.push(member.bytes)
      size += member.bytes.length
      if (size > MOST_BYTES) return yield { kind: 'failed', name: inner, error: tooBig(offset) }
      offset += member.length
      // Some writers pad with zeros.
      if (blob.read(offset, 1)[0] === 0) break
    }
    yield {
      kind: 'member',
      name: inner,
      blob: bufferBlob(Buffer.concat(pieces)),
      offset: 0,
      length: blob.size,
      facts: NO_FACTS,
    }
  },
}
