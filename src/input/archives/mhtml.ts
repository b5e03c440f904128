import { InputError } from '../../diagnostics.ts'
import { readStamp } from '../../text/stamp.ts'
import { bufferBlob } from '../blob.ts'
import { type ArchiveFormat, MOST_BYTES, NO_FACTS, tooBig } from './archive.ts'
import { charsetOf, readHeaders } from './http.ts'

interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/**
 * A page saved as MHTML (RFC 2557) by Chrome, IE or 360: its root part, as raw bytes, so that a charset that only
 * `<meta>` names still counts.
 */
export const mhtml: ArchiveFormat = {
  kind: 'mhtml',
  *members(blob, _, name) {
    const inner = name.split('/').at(-1)!
    if (blob.size > 2 * MOST_BYTES) return yield { kind: 'failed', name: inner, error: tooBig(0) }
    const whole = splitHead(blob.read(0, blob.size))
    const boundary = /\bboundary\s*=\s*(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(
      whole.headers.get('content-type') ?? '',
    )
    const parts = boundary ? splitParts(whole.body, boundary[1] ?? boundary[2]!) : [whole]
    const start = /\bstart\s*=\s*"?(<[^>"]{1,200}>)/i.exec(whole.headers.get('content-type') ?? '')?.[1]
    const isPage = ({ headers }: Part) =>
      /^(?:text\/html|application\/xhtml\+xml)/i.test(headers.get('content-type') ?? '')
    const root =
      parts.find(({ headers }) => start !== undefined && headers.get('content-id') === start) ?? parts.find(isPage)
    if (root === undefined)
      return yield {
        kind: 'failed',
        name: inner,
        error: new InputError('input.not_a_page', 'The MHTML file holds no HTML part.'),
      }
    const location = whole.headers.get('snapshot-content-location') ?? root.headers.get('content-location') ?? ''
    const url = /^https?:/i.test(location) ? location : null
    yield {
      kind: 'member',
      name: url ?? inner.replace(/\.mht(?:ml)?$/i, '.html'),
      blob: bufferBlob(decodeBody(root)),
      offset: 0,
      length: blob.size,
      facts: {
        ...NO_FACTS,
        url,
        urlFrom: url === null ? null : 'mhtml',
        retrievedAt: readStamp(whole.headers.get('date') ?? ''),
        charset: charsetOf(root.headers.get('content-type') ?? ''),
      },
    }
  },
}

/** Header lines and what stands behind the empty line; line ends may be \r\n or \n. */
function splitHead(bytes: Buffer): Part {
  const crlf = bytes.indexOf('\r\n\r\n')
  const lf = bytes.indexOf('\n\n')
  const end = crlf >= 0 && (lf < 0 || crlf < lf) ? crlf : lf
  if (end < 0) return { headers: new Map(), body: bytes }
  return { headers: readHeaders(bytes.toString('latin1', 0, end)), body: bytes.subarray(end + (end === crlf ? 4 : 2)) }
}

function splitParts(body: Buffer, boundary: string): Part[] {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Part[] = []
  let from = body.indexOf(delimiter)
  while (from >= 0) {
    const start = from + delimiter.length
    const next = body.indexOf(delimiter, start)
    if (body.toString('latin1', start, start + 2) === '--') break
    let end = next < 0 ? body.length : next
    // The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1).
    if (next >= 0 && body[end - 1] === 0x0a) end -= body[end - 2] === 0x0d ? 2 : 1
    const lineEnd = body.indexOf(0x0a, start)
    if (lineEnd >= 0 && lineEnd < end) parts.push(splitHead(body.subarray(lineEnd + 1, end)))
    from = next
  }
  return parts
}

function decodeBody({ headers, body }: Part): Buffer {
  switch ((headers.get('content-transfer-encoding') ?? '').trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body.toString('latin1'), 'base64')
    case 'quoted-printable':
      return decodeQuotedPrintable(body)
    default:
      return body
  }
}

/** RFC 2045 6.7: `=E4` is a byte, `=` at a line's end joins the next line. */
function decodeQuotedPrintable(body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(body.length)
  let length = 0
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== 0x3d) {
      bytes[length++] = body[i]!
      continue
    }
    const end = body[i + 1] === 0x0d && body[i + 2] === 0x0a ? 2 : body[i + 1] === 0x0a ? 1 : 0
    if (end > 0) {
      i += end
      continue
    }
    const value = Number.parseInt(body.toString('latin1', i + 1, i + 3), 16)
    const isCode = /^[\da-f]{2}$/i.test(body.toString('latin1', i + 1, i + 3))
    bytes[length++] = isCode ? value : 0x3d
    if (isCode) i += 2
  }
  return bytes.subarray(0, length)
}
