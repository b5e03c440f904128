import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/** A file name as text: UTF-8, else GB18030, as Chinese systems write it. */
export function readName(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : iconv.decode(bytes, 'gb18030')
}
