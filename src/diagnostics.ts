import type { ReplyRecord, Severity } from './record.ts'

export type Diagnostic = ReplyRecord['diagnostics'][number]

/** Everything that can be said about a page that gets a record: code → severity. docs/diagnostics.md explains each. */
const SEVERITY = {
  'encoding.damaged': 'warning',
  'encoding.overruled': 'warning',
  'encoding.unknown_label': 'warning',
  'encoding.utf16_without_bom': 'warning',
  'encoding.private_use': 'info',
  'archive.truncated': 'warning',
  'text.mojibake': 'warning',
  'text.pinyin': 'warning',
  'page.not_a_reply': 'warning',
  'page.hidden_letter': 'warning',
  'page.date_conflict': 'warning',
  'page.date_unset': 'warning',
  'page.date_unreadable': 'warning',
  'page.title_conflict': 'info',
  'page.body_twice': 'info',
  'page.continued': 'warning',
  'letter.image': 'warning',
  'letter.lost_text': 'warning',
  'letter.date_unreadable': 'warning',
  'letter.number_conflict': 'warning',
  'letter.text_after_end': 'info',
  'outline.skipped_number': 'info',
  'outline.repeated_number': 'info',
  'outline.restarted': 'info',
  'outline.unusual_order': 'info',
  'outline.merged_numbers': 'info',
} as const satisfies { [code: string]: Severity }

export type DiagnosticCode = keyof typeof SEVERITY

export const DIAGNOSTIC_CODES = Object.keys(SEVERITY) as DiagnosticCode[]

/** A finding about a page: `pointer` is the RFC 6901 pointer of the value concerned. */
export function diagnostic(code: DiagnosticCode, message: string, pointer: string | null = null): Diagnostic {
  return { code, severity: SEVERITY[code], message, pointer }
}

/** Why an input gets no record: code → whether another try may succeed, and what to try. */
const INPUT_ERRORS = {
  'input.not_found': { transient: false, hint: 'check the name; quote names with blanks' },
  'input.unreadable': { transient: false, hint: 'check the permissions' },
  'input.empty': { transient: false, hint: 'fetch or save the page again' },
  'input.too_big': { transient: false, hint: 'a reply page has less than 20 MB; check what was saved' },
  'input.not_a_page': { transient: false, hint: 'give an HTML page or the text of one' },
  'input.archive': { transient: false, hint: 'unpack the archive and give its pages' },
  'input.encoding': {
    transient: false,
    hint: 'give a name of the WHATWG Encoding Standard, such as utf-8, gbk or big5',
  },
  'archive.damaged': { transient: false, hint: 'get the archive anew, or recover the part from another copy' },
  'archive.unsafe_name': { transient: false, hint: 'rename the member inside the archive' },
  'archive.encrypted': { transient: false, hint: 'unpack the archive with its password' },
  'archive.unsupported': { transient: false, hint: 'unpack the archive with the tool that made it' },
  'archive.too_deep': { transient: false, hint: 'unpack the inner archives first' },
  'input.no_pages': { transient: false, hint: 'give a folder or an archive that holds .html or .txt files' },
  'page.challenge': { transient: true, hint: 'open the page in a browser, save it, and convert the saved file' },
  'page.error_page': { transient: true, hint: 'check the address and fetch the page again' },
  'page.login': { transient: false, hint: 'log in with a browser, save the page, and convert the saved file' },
  'page.list': { transient: false, hint: 'give the pages that the list links to' },
  'page.empty': { transient: false, hint: 'save the page in a browser, so that its scripts have filled it in' },
  'page.image_only': { transient: false, hint: 'the letter is a picture: read it with OCR first' },
  'page.attachment_only': { transient: false, hint: 'the letter is in the linked file: download and convert that' },
  'fetch.bad_url': { transient: false, hint: 'give an http or https address' },
  'fetch.not_found': { transient: false, hint: 'look for the page on the portal: it was moved or taken down' },
  'fetch.forbidden': {
    transient: false,
    hint: 'open the page in a browser, save it, and convert the saved file',
  },
  'fetch.http_status': { transient: false, hint: 'open the address in a browser' },
  'fetch.server_error': { transient: true, hint: 'try again later' },
  'fetch.network': { transient: true, hint: 'check the host name and the network, and try again' },
  'fetch.damaged': { transient: true, hint: 'try again later; if it stays so, save the page in a browser' },
  'fetch.host_paused': { transient: true, hint: 'try again another day, with a longer --delay' },
  'fetch.tls': { transient: false, hint: "give the server's certificate authority with --ca" },
  'fetch.timeout': { transient: true, hint: 'try again later, or give a longer --timeout' },
  'fetch.redirects': { transient: false, hint: 'give the address that the redirects lead to' },
  'fetch.private_address': { transient: false, hint: 'give the address itself, or --allow-private' },
  'fetch.robots': {
    transient: false,
    hint: "ask the portal's people; an address that you name yourself is fetched all the same",
  },
  'fetch.robots_unreachable': {
    transient: true,
    hint: 'try again later; an address that you name yourself is fetched all the same',
  },
  'crawl.no_links': { transient: false, hint: 'give the list page of a column, or take all links with --all' },
  'item.timeout': { transient: false, hint: 'give a longer --timeout-item, or look at the page' },
  'item.crashed': { transient: false, hint: 'this is a bug in dafu: please report it with the input' },
  'record.unreadable': { transient: false, hint: 'give a file that dafu wrote' },
  'record.tree': { transient: false, hint: 'write the records again without --tree' },
  'record.other_page': { transient: false, hint: 'give the page that the record was made from' },
  'internal.error': { transient: false, hint: 'this is a bug in dafu: please report it with the input' },
} as const

export type InputErrorCode = keyof typeof INPUT_ERRORS

export const INPUT_ERROR_CODES = Object.keys(INPUT_ERRORS) as InputErrorCode[]

/** This input can't be converted; the others can. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly code: InputErrorCode
  /** Whether another try may succeed. */
  readonly transient: boolean
  /** What to try. */
  readonly hint: string

  constructor(code: InputErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.transient = INPUT_ERRORS[code].transient
    this.hint = INPUT_ERRORS[code].hint
  }
}
