import type { UrlSource } from '../record.ts'
import { readStamp } from '../text/stamp.ts'
import type { Head } from './dom.ts'
import { metaContent } from './metadata.ts'

/** The address of a page and the time of its saving, as the page itself holds them. */
export interface Address {
  readonly url: string | null
  readonly from: Extract<UrlSource, 'saved_from' | 'meta' | 'canonical'> | null
  readonly savedAt: string | null
}

const SINGLE_FILE =
  /<!--\s{0,9}Page saved with SingleFile\s{0,9}url: {0,9}(\S{1,2000})\s{0,9}(?:saved date: {0,9}([^\n]{1,100}))?/
/** The mark of the web, as browsers write it. */
const SAVED_FROM = /<!-- ?saved from url=\(\d{1,5}\)(\S{1,2000}?) ?-->/
/** Saved pages bear their mark near their beginning. */
const NEAR = 4096

/** Looks for the marks of SingleFile and of browsers, then for meta Url and the canonical link. */
export function findAddress(html: string, head: Head): Address {
  const start = html.slice(0, NEAR)
  const single = SINGLE_FILE.exec(start)
  const saved = single?.[1] ?? SAVED_FROM.exec(start)?.[1] ?? null
  const savedAt = single?.[2] === undefined ? null : readStamp(single[2])
  for (const [url, from] of [
    [saved, 'saved_from'],
    [metaContent(head, 'url'), 'meta'],
    [head.canonical, 'canonical'],
  ] as const)
    if (url !== null && /^https?:\/\//i.test(url)) return { url, from, savedAt }
  return { url: null, from: null, savedAt }
}
