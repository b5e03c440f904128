import type { ReplyRecord } from '../record.ts'

/** What JSON leaves raw, but breaks lines in Python's splitlines (U+0085, U+2028, U+2029) or drives terminals (C1, DEL). */
const UNSAFE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A record, or any other object, as one line of NDJSON, line end included. */
export function toNdjson(record: object): string {
  return `${JSON.stringify(record).replace(UNSAFE, escaped)}\n`
}

/** One record as a member of a JSON array, indented. */
export function toJson(record: ReplyRecord | Tree): string {
  return JSON.stringify(record, null, 2).replace(UNSAFE, escaped)
}

/** A record as a view for eyes; no record any more. */
export type Tree = { readonly [key: string]: unknown }
