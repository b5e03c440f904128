import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { type Diagnostic, diagnostic, InputError } from '../diagnostics.ts'
import type { DECIDERS } from '../terms.ts'

export interface Decoded {
  /** No BOM, line ends are `\n`. */
  readonly text: string
  readonly used: string
  readonly decidedBy: (typeof DECIDERS)[number]
  /** The label of header or meta as written; null when there is none. */
  readonly declared: string | null
  readonly replacementChars: number
  readonly diagnostics: readonly Diagnostic[]
}

type Choice = Pick<Decoded, 'used' | 'decidedBy'>

/**
 * Turns the bytes of a page into text and names who chose the encoding: the caller, a BOM, the label of HTTP header or
 * `<meta>`, else the bytes themselves (WHATWG Encoding; GB labels decode by its gb18030). Throws an InputError when the
 * caller's encoding is unknown.
 */
export function decode(bytes: Uint8Array, hints: { encoding: string | null; charset: string | null }): Decoded {
  const diagnostics: Diagnostic[] = []
  const meta = hints.charset === null ? metaCharset(bytes) : null
  const declared = hints.charset ?? meta
  const { used, decidedBy } = choose(bytes, hints, declared, meta !== null, diagnostics)
  const text = withPlainLineEnds(decodeAs(bytes, used))

  const isOdd = ODD.test(text)
  const replacementChars = isOdd ? countOf(text, REPLACEMENT) : 0
  if (replacementChars > 0)
    diagnostics.push(
      diagnostic(
        'encoding.damaged',
        `Bytes that are no ${used} became U+FFFD, ${replacementChars} times.`,
        '/source/encoding/replacement_chars',
      ),
    )
  const privateUse = isOdd ? countOf(text, PRIVATE_USE) : 0
  if (privateUse > 0)
    diagnostics.push(
      diagnostic('encoding.private_use', `Private-use characters stand in the text, ${privateUse} times.`),
    )
  return { text, used, decidedBy, declared, replacementChars, diagnostics }
}

/** No BOM, `\n` only. */
function withPlainLineEnds(text: string): string {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  return bare.includes('\r') ? bare.replace(/\r\n?/g, '\n') : bare
}

const ODD = /[\ue000-\uf8ff\ufffd]/
const REPLACEMENT = /\ufffd/g
const PRIVATE_USE = /[\ue000-\uf8ff]/g
const countOf = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0

function choose(
  bytes: Uint8Array,
  hints: { encoding: string | null },
  declared: string | null,
  fromMeta: boolean,
  diagnostics: Diagnostic[],
): Choice {
  if (hints.encoding !== null) {
    const used = encodingOf(hints.encoding)
    if (used === null) throw new InputError('input.encoding', `No decoder knows the encoding ${hints.encoding}.`)
    return { used, decidedBy: 'caller' }
  }
  const bom = bomOf(bytes)
  if (bom) return { used: bom, decidedBy: 'bom' }
  const utf16 = utf16WithoutBom(bytes)
  if (utf16) {
    diagnostics.push(diagnostic('encoding.utf16_without_bom', `The page is ${utf16} without a byte order mark.`))
    return { used: utf16, decidedBy: 'utf-16' }
  }
  const label = declared === null ? null : encodingOf(declared)
  const utf8 = measureUtf8(bytes, label === 'utf-8' ? null : label)
  const guess: Choice = utf8.passes ? { used: 'utf-8', decidedBy: 'utf-8' } : { used: 'gb18030', decidedBy: 'gb18030' }
  if (declared === null) return guess
  if (label === null) {
    diagnostics.push(diagnostic('encoding.unknown_label', `The declared encoding is unknown; ${guess.used} is used.`))
    return guess
  }
  // A meta that could be read as ASCII does not stand in a UTF-16 page: WHATWG HTML, prescan.
  const named = fromMeta && label.startsWith('utf-16') ? 'utf-8' : label
  const labelLoses = named === 'utf-8' ? !utf8.passes && looksLikeGb(bytes) : utf8.passes && utf8.long > 0
  if (labelLoses) {
    diagnostics.push(
      diagnostic('encoding.overruled', `The page says ${named}, but its bytes are ${guess.used}.`, '/source/encoding'),
    )
    return guess
  }
  return { used: named, decidedBy: fromMeta ? 'meta' : 'header' }
}

function bomOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0x84 && bytes[1] === 0x31 && bytes[2] === 0x95 && bytes[3] === 0x33) return 'gb18030'
  return null
}

/** UTF-16 shows by the zero bytes of its markup, all on one side. */
function utf16WithoutBom(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, 4096)
  let even = 0
  let odd = 0
  for (let i = 0; i < head.length; i++) if (head[i] === 0) i % 2 ? odd++ : even++
  const many = head.length / 10
  if (odd > many && even * 20 < odd) return 'utf-16le'
  if (even > many && odd * 20 < even) return 'utf-16be'
  return null
}

/**
 * Whether bytes are UTF-8: valid, or with ten times as many well-formed sequences of three or four bytes (`long`) as
 * malformed bytes.
 */
function measureUtf8(bytes: Uint8Array, declared: string | null): { passes: boolean; long: number } {
  // Valid bytes without a label to overrule need no count.
  if (declared === null && isUtf8(bytes)) return { passes: true, long: 0 }
  let long = 0
  let malformed = 0
  let short = 0
  const isTail = (at: number) => (bytes[at]! & 0xc0) === 0x80
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i]!
    if (lead < 0x80) i++
    else if (lead >= 0xc2 && lead <= 0xdf && isTail(i + 1)) {
      short++
      i += 2
    } else if (lead >= 0xe0 && lead <= 0xef && isTail(i + 1) && isTail(i + 2)) {
      long++
      i += 3
    } else if (lead >= 0xf0 && lead <= 0xf4 && isTail(i + 1) && isTail(i + 2) && isTail(i + 3)) {
      long++
      i += 4
    } else {
      malformed++
      // A sequence that the end of the page cuts is one damage, whatever is left of it.
      const cut = lead >= 0xc2 && i + 4 > bytes.length && bytes.subarray(i + 1).every((_, j) => isTail(i + 1 + j))
      i = cut ? bytes.length : i + 1
    }
  }
  const valid = malformed === 0 && isUtf8(bytes)
  return { passes: valid || long > malformed * 10, long: valid && short > long ? 0 : long }
}

/** Whether double bytes of GB outnumber malformed bytes ten to one. */
function looksLikeGb(bytes: Uint8Array): boolean {
  let pairs = 0
  let malformed = 0
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 0x80) continue
    const trail = bytes[i + 1] ?? 0
    const isPair =
      bytes[i]! > 0x80 && bytes[i]! < 0xff && ((trail >= 0x40 && trail !== 0x7f && trail < 0xff) || isDigit(trail))
    if (isPair) {
      pairs++
      i++
    } else malformed++
  }
  return pairs > malformed * 10
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39

const META_CHARSET = /<meta\b[^>]{0,400}?\bcharset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})/i
const XML_ENCODING = /^\s{0,99}<\?xml[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})/i

/** The label of `<meta charset>` or `<meta http-equiv>` in the first 4 KB. */
function metaCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString('latin1')
  const prolog = head.replace(/<!--[\s\S]{0,4096}?-->/g, '')
  return META_CHARSET.exec(prolog)?.[1] ?? XML_ENCODING.exec(prolog)?.[1] ?? null
}

/** The WHATWG name of an encoding label, GB labels as gb18030; null when no decoder knows it. */
export function encodingOf(label: string): string | null {
  const trimmed = label.trim().toLowerCase()
  if (trimmed === 'cp936' || trimmed === '936') return 'gb18030'
  let name: string
  try {
    name = new TextDecoder(trimmed).encoding
  } catch {
    return null
  }
  if (name === 'gbk' || name === 'gb18030') return 'gb18030'
  if (name === 'utf-8') return name
  return iconv.encodingExists(iconvName(name)) ? name : null
}

const iconvName = (name: string) => (name === 'x-mac-cyrillic' ? 'maccyrillic' : name)

function decodeAs(bytes: Uint8Array, encoding: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (encoding === 'utf-8') return buffer.toString('utf8')
  const text = iconv.decode(buffer, iconvName(encoding))
  if (encoding.startsWith('utf-16')) return text.replace(LONE_SURROGATE, '\ufffd')
  return encoding === 'gb18030' ? text.replace(OF_2005, (character) => AS_OF_2022.get(character)!) : text
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** The codes in which GB18030-2022, as WHATWG decodes it, differs from the 2005 table of iconv-lite. */
const AS_OF_2022 = new Map<string, string>([
  ...pairs(0xe78d, 10, 0xfe10),
  ...[0xe81e, 0xe826, 0xe82b, 0xe82c, 0xe832, 0xe843, 0xe854, 0xe864].map(
    (code, i) => [String.fromCharCode(code), String.fromCharCode(0x9fb4 + i)] as const,
  ),
])
const OF_2005 = new RegExp(`[${[...AS_OF_2022.keys()].join('')}]`, 'g')

function pairs(from: number, count: number, to: number): [string, string][] {
  return Array.from({ length: count }, (_, i) => [String.fromCharCode(from + i), String.fromCharCode(to + i)])
}
