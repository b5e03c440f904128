import robots from 'robots-parser'
import { looksLikeHtml } from '../input/sniff.ts'
import type { Page } from './page.ts'

/** What a host's robots.txt says to dafu (RFC 9309). */
export interface Robots {
  readonly verdict: (url: string) => 'allowed' | 'disallowed' | 'unreachable'
  /** Milliseconds between two requests; 0 when it names none. */
  readonly crawlDelay: number
}

/** Its own types are of an ES module, which it is not. */
const parseRobots = robots as unknown as (
  url: string,
  text: string,
) => {
  isAllowed(url: string, agent: string): boolean | undefined
  getCrawlDelay(agent: string): number | undefined
}

const AGENT = 'dafu'
/** A crawler reads at least so many bytes (RFC 9309 2.5). */
const MOST_BYTES = 500 * 1024
const LONGEST_CRAWL_DELAY_S = 300

const ALLOWED: Robots = { verdict: () => 'allowed', crawlDelay: 0 }
/** What the host allows is not known. */
export const UNREACHABLE: Robots = { verdict: () => 'unreachable', crawlDelay: 0 }

/**
 * Reads the answer to a request for robots.txt; null for none. Refused by the client's fault (4xx) allows all, in
 * trouble (5xx, 429, no answer) forbids all (RFC 9309 2.3.1). A page of HTML in its place is a wall before the host or an
 * error page: what the host allows is not known.
 */
export function readRobots(address: string, page: Page | null): Robots {
  if (page === null || page.status >= 500 || page.status === 429) return UNREACHABLE
  if (page.status >= 400) return ALLOWED
  if (page.status !== 200) return UNREACHABLE
  const text = Buffer.from(page.body.subarray(0, MOST_BYTES)).toString('utf8')
  if (looksLikeHtml(text.slice(0, 4096))) return UNREACHABLE
  const rules = parseRobots(address, plainRules(text))
  return {
    verdict: (url) => (rules.isAllowed(plainEscapes(url), AGENT) === false ? 'disallowed' : 'allowed'),
    crawlDelay: Math.min(Math.max(rules.getCrawlDelay(AGENT) || 0, 0), LONGEST_CRAWL_DELAY_S) * 1000,
  }
}

/** Longer rules are no rules of people; what matching them costs grows with their length. */
const LONGEST_RULE = 500

const plainRules = (text: string) =>
  text
    .split(/\r\n?|\n/)
    .filter((line) => line.length <= LONGEST_RULE)
    .map((line) => plainEscapes(line.replace(/\*{2,}/g, '*')))
    .join('\n')

/** Escapes of characters that need none are undone, so that rules and addresses compare (RFC 9309 2.2.2, RFC 3986 6.2.2). */
const plainEscapes = (text: string) =>
  text.replace(/%[\da-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : code.toUpperCase()
  })
