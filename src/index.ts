/** The library: a page's bytes to its record, without disk, network or clock. */
export { type ConvertOptions, convert } from './convert.ts'
export { type Diagnostic, InputError, type InputErrorCode } from './diagnostics.ts'
export { fileSource, type Source } from './input/source.ts'
export { type Block, type Item, type ReplyRecord, recordSchema } from './record.ts'
