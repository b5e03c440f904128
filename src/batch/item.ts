import type { Diagnostic } from '../diagnostics.ts'

/** Why an input failed, as ledger and manifest hold it. */
export interface Failure {
  readonly code: string
  readonly transient: boolean
  readonly message: string
  readonly hint: string
}

/** What became of one page of the inputs; plain data, so that it can cross threads. */
export type Item =
  | {
      readonly kind: 'record'
      readonly uri: string
      readonly sha256: string
      readonly bytes: number
      /** The id of the record. */
      readonly id: string
      /** The record in the format asked for. */
      readonly text: string
      readonly diagnostics: readonly Diagnostic[]
    }
  | {
      readonly kind: 'failed'
      readonly uri: string
      readonly sha256: string | null
      readonly bytes: number | null
      readonly failure: Failure
      /** The stack of a bug. */
      readonly stack: string | null
    }
  | { readonly kind: 'skipped'; readonly uri: string }
  /** An earlier run did it: same bytes, same version, same options. */
  | { readonly kind: 'known'; readonly uri: string }
