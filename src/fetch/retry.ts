/** Longest pause that dafu takes of itself between two tries, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000
/** A server that asks for a longer pause is asked another day. */
export const LONGEST_RETRY_AFTER_MS = 120_000

/** Statuses behind which another try may succeed. */
export const isTransient = (status: number) =>
  status === 408 ||
  status === 425 ||
  status === 429 ||
  (status >= 500 && status !== 501 && status !== 505 && status !== 521)

/** Milliseconds to wait behind `tries` + 1 tries: full jitter (exponential backoff, AWS Architecture Blog 2015). */
export const backoff = (tries: number, random: () => number = Math.random) =>
  random() * Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** tries)

/** Milliseconds that a Retry-After header asks for: seconds, or a date (RFC 9110 10.2.3); null when it says nothing. */
export function readRetryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000
  const time = /[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? null : Math.max(0, time - now.getTime())
}
