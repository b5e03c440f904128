import { InputError } from '../diagnostics.ts'

/** Reads an http or https address, as typed or as a page links to it. Throws `fetch.bad_url`. */
export function parseAddress(text: string, base?: string): URL {
  if (URL.canParse(text, base)) {
    const url = new URL(text, base)
    if (url.protocol === 'http:' || url.protocol === 'https:') return url
  }
  throw new InputError('fetch.bad_url', 'The address is no http or https address.')
}

const WZWS = /^\/WZWSRE([\w+/-]{2,2000}={0,2})$/
/** Not `//host` or `/\\host`, which lead elsewhere. */
const PATH = /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/

/**
 * The one form of an address: host in lower case, no default port, no name and password, no fragment, and the path that
 * the WZWS challenge has rewritten.
 *
 * `http://A.gov.cn:80/WZWSREL2EuaHRtbA==#top` → `http://a.gov.cn/a.html`
 */
export function canonicalAddress(address: URL): string {
  const url = new URL(address)
  url.username = ''
  url.password = ''
  url.hash = ''
  const packed = WZWS.exec(url.pathname)
  if (packed) {
    const path = Buffer.from(packed[1]!, 'base64').toString('latin1')
    if (PATH.test(path) && URL.canParse(path, url.origin)) return canonicalAddress(new URL(path, url.origin))
  }
  return url.href
}

/** The Authorization header for the name and password in an address (RFC 7617); null when it has none. */
export function authorizationOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return null
  const credentials = `${decoded(username)}:${decoded(password)}`
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

/** Undoes percent-encoding; a text whose escapes are no UTF-8 stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
