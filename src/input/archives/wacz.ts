import { createHash } from 'node:crypto'
import { type Blob, chunksOf } from '../blob.ts'
import { type ArchiveFormat, type ArchiveOptions, damaged } from './archive.ts'
import { zip } from './zip.ts'

const WARC_NAME = /^archive\/.+\.warc(?:\.gz)?$/i

/** A web archive collection (WACZ 1.1.1): a zip file whose WARC files are held against the hashes of its description. */
export const wacz: ArchiveFormat = {
  kind: 'wacz',
  async *members(blob, options, name) {
    const hashes = await readHashes(blob, options, name)
    for await (const member of zip.members(blob, options, name)) {
      if (member.kind === 'member' && !WARC_NAME.test(member.name)) continue
      const hash = member.kind === 'member' ? hashes.get(member.name) : undefined
      if (member.kind === 'member' && hash !== undefined && hash !== sha256(member.blob))
        yield {
          kind: 'failed',
          name: member.name,
          error: damaged('The WARC file does not match its hash', member.offset, member.length),
        }
      yield member
    }
  },
}

function sha256(blob: Blob): string {
  const hash = createHash('sha256')
  for (const chunk of chunksOf(blob)) hash.update(chunk)
  return `sha256:${hash.digest('hex')}`
}

/** The hashes in datapackage.json by path; none when it can't be read. */
async function readHashes(blob: Blob, options: ArchiveOptions, name: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  for await (const member of zip.members(blob, options, name)) {
    if (member.kind !== 'member' || member.name !== 'datapackage.json') continue
    try {
      const { resources } = JSON.parse(member.blob.read(0, member.blob.size).toString('utf8')) as {
        resources?: { path?: unknown; hash?: unknown }[]
      }
      for (const { path, hash } of resources ?? [])
        if (typeof path === 'string' && typeof hash === 'string') hashes.set(path, hash)
    } catch {
      return hashes
    }
    break
  }
  return hashes
}
