/** What an input may be; `page` is HTML or text, `other` a file that is no page. */
export type Format = 'page' | 'other' | 'gzip' | 'zip' | 'tar' | 'tar.gz' | 'mhtml' | 'warc' | 'wacz'
export const FORMATS: readonly Exclude<Format, 'other'>[] = [
  'page',
  'gzip',
  'zip',
  'tar',
  'tar.gz',
  'mhtml',
  'warc',
  'wacz',
]

interface ForeignFormat {
  readonly format: Exclude<Format, 'page'>
  readonly name: string
}

/** Formats that are known by their first bytes. */
const SIGNATURES: readonly (ForeignFormat & { readonly bytes: readonly number[] })[] = [
  { name: 'zip archive', format: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'zip archive', format: 'zip', bytes: [0x50, 0x4b, 0x05, 0x06] },
  { name: 'gzip file', format: 'gzip', bytes: [0x1f, 0x8b] },
  { name: 'WARC file', format: 'warc', bytes: [...Buffer.from('WARC/')] },
  { name: 'PDF file', format: 'other', bytes: [...Buffer.from('%PDF')] },
  { name: 'Word file', format: 'other', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'PNG image', format: 'other', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { name: 'JPEG image', format: 'other', bytes: [0xff, 0xd8, 0xff] },
  { name: 'GIF image', format: 'other', bytes: [...Buffer.from('GIF8')] },
]
const MIME_HEADER =
  /^(?:from|mime-version|content-type|date|subject|snapshot-content-location): [^\n]{0,500}\n(?:[^\n]{0,500}\n){0,20}?(?:mime-version|content-type):/i
const TAR_MAGIC = 257

/** What the bytes are when they are no page: an archive, or another file; null when they may be a page. */
export function findForeignFormat(bytes: Uint8Array): ForeignFormat | null {
  const known = SIGNATURES.find((signature) => signature.bytes.every((byte, i) => bytes[i] === byte))
  if (known) return known
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096))
  if (MIME_HEADER.test(head.toString('latin1').replace(/\r/g, ''))) return { format: 'mhtml', name: 'MHTML file' }
  if (head.toString('latin1', TAR_MAGIC, TAR_MAGIC + 5) === 'ustar') return { format: 'tar', name: 'tar archive' }
  return isBinary(head) ? { format: 'other', name: 'binary file' } : null
}

/** Control characters that no text has; the zero bytes of UTF-16 stand all on one side. */
function isBinary(head: Uint8Array): boolean {
  const zeros = [0, 0]
  let controls = 0
  for (let i = 0; i < head.length; i++) {
    const byte = head[i]!
    if (byte === 0) zeros[i % 2]!++
    else if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1b)
      controls++
  }
  const [even, odd] = zeros as [number, number]
  const isUtf16 = Math.max(even, odd) > head.length / 10 && Math.min(even, odd) * 20 < Math.max(even, odd)
  if (isUtf16) return false
  const isUtf16WithBom = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  return !isUtf16WithBom && (even + odd > head.length / 200 + 2 || controls > head.length / 20)
}

const MARKUP =
  /<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|span|br|ul|ol|li|td|form|script|center|font|h[1-6]|section|article|main|header|a|b|strong|img)\b[^<>]{0,2000}>/i

/** Whether a text is HTML: a tag of HTML in its first 4 KB. */
export function looksLikeHtml(text: string): boolean {
  return MARKUP.test(text.replace(/^(?:\s*<!--[\s\S]*?-->)+/, '').slice(0, 4096))
}
