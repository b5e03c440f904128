declare module 'warcio' {
  export interface WARCRecord {
    readonly warcType?: string
    readonly warcTargetURI?: string
    readonly warcHeaders: { readonly headers: ReadonlyMap<string, string> }
    contentText(): Promise<string>
    readFully(isContentDecoded?: boolean): Promise<Uint8Array>
  }
  export class WARCParser implements AsyncIterable<WARCRecord> {
    constructor(source: AsyncIterable<Uint8Array>)
    [Symbol.asyncIterator](): AsyncIterator<WARCRecord>
  }
}
