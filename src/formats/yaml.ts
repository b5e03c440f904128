import { Document, Scalar, visit } from 'yaml'
import type { ReplyRecord } from '../record.ts'
import type { Tree } from './json.ts'
import { prune } from './prune.ts'

/** Characters that break PyYAML, turn to blanks in it, or drive terminals, unless they are escaped. */
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/
const UNSAFE_RAW = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g

/**
 * One record as a YAML document without `---`; null and empty members are left out. Reads back the same under YAML 1.1
 * and 1.2: `0116`, dates and `no` are quoted, nothing is folded.
 */
export function toYaml(record: ReplyRecord | Tree): string {
  const document = new Document(prune(record), { compat: 'yaml-1.1', aliasDuplicateObjects: false })
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && (UNSAFE.test(node.value) || node.value === '='))
        node.type = Scalar.QUOTE_DOUBLE
    },
  })
  return document
    .toString({ lineWidth: 0 })
    .replace(UNSAFE_RAW, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
