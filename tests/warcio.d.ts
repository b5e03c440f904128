declare module 'warcio' {
  export class WARCParser implements AsyncIterable<{ warcTargetURI?: string; contentText(): Promise<string> }> {
    constructor(source: AsyncIterable<Uint8Array>)
    [Symbol.asyncIterator](): AsyncIterator<{ warcTargetURI?: string; contentText(): Promise<string> }>
  }
}
