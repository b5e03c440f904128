import { createHash, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, ftruncateSync, openSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { guard, writeAll } from '../files.ts'
import { HEAD_END, readHttpHead } from '../input/archives/http.ts'
import { base32 } from '../input/archives/warc.ts'
import { VERSION } from '../version.ts'
import type { Exchange } from './client.ts'

/** Where a record lies in a WARC file. */
export interface Place {
  /** Name of the file, without its folder. */
  readonly file: string
  readonly offset: number
  readonly length: number
  /** `urn:uuid:…` */
  readonly id: string
}

/** What an unchanged page refers to: the record that has its body. */
export interface Original {
  readonly url: string
  readonly date: string
  readonly id: string
  readonly digest: string
}

const REVISIT = 'http://netpreserve.org/warc/1.1/revisit'

export const digestOf = (bytes: Buffer) => `sha1:${base32(createHash('sha1').update(bytes).digest())}`

/**
 * Writes WARC 1.1 files (ISO 28500:2017), a gzip member a record. A file is begun when it is needed, and the next one
 * when it has grown beyond `most` bytes.
 */
export class WarcWriter {
  private file: number | null = null
  private size: number
  private name: string
  private readonly nameOf: (number: number) => string
  private readonly folder: string
  private readonly most: number
  private number: number

  /** Goes on in file `number`, of which the first `size` bytes stand. */
  constructor(folder: string, nameOf: (number: number) => string, most: number, number: number, size: number) {
    this.folder = folder
    this.nameOf = nameOf
    this.most = most
    this.number = number
    this.size = size
    this.name = nameOf(number)
  }

  /** Where the next record will be written. */
  get end(): { file: string; size: number } {
    return { file: this.name, size: this.size }
  }

  /** Writes an exchange; its body is left out where the original has it. Gives the place of the response. */
  write(exchange: Exchange, via: string | null, original: Original | null): Place {
    const uri = exchange.url
    const responseId = newId()
    const common = [
      ['WARC-Target-URI', uri],
      ['WARC-Date', exchange.date],
      ...(exchange.ip === null ? [] : [['WARC-IP-Address', exchange.ip]]),
    ]
    const { status, body } = readHttpHead(exchange.response)!
    const head = exchange.response.subarray(0, exchange.response.length - body.length)
    const response =
      original === null
        ? record('response', responseId, 'application/http;msgtype=response', exchange.response, [
            ...common,
            ['WARC-Payload-Digest', digestOf(body)],
          ])
        : record('revisit', responseId, 'application/http;msgtype=response', head, [
            ...common,
            ['WARC-Profile', `${REVISIT}/${status === 304 ? 'server-not-modified' : 'identical-payload-digest'}`],
            ['WARC-Refers-To', `<${original.id}>`],
            ['WARC-Refers-To-Target-URI', original.url],
            ['WARC-Refers-To-Date', original.date],
            ['WARC-Payload-Digest', original.digest],
          ])
    const concurrent = [...common, ['WARC-Concurrent-To', `<${responseId}>`]]
    const request = record('request', newId(), 'application/http;msgtype=request', exchange.request, concurrent)
    const fields = `${via === null ? '' : `via: ${via}\r\n`}fetchTimeMs: ${exchange.took}\r\n`
    const metadata = record('metadata', newId(), 'application/warc-fields', Buffer.from(fields), concurrent)
    if (this.size > this.most) this.roll()
    if (this.size === 0) this.append(this.info())
    const offset = this.size
    this.append(response, request, metadata)
    guard(this.name, () => fsyncSync(this.file!))
    return { file: this.name, offset, length: response.length, id: responseId }
  }

  close(): void {
    if (this.file !== null) closeSync(this.file)
    this.file = null
  }

  private roll(): void {
    this.close()
    this.name = this.nameOf(++this.number)
    this.size = 0
  }

  private append(...pieces: readonly Buffer[]): void {
    guard(this.name, () => {
      if (this.file === null) {
        this.file = openSync(`${this.folder}/${this.name}`, this.size === 0 ? 'w' : 'r+')
        ftruncateSync(this.file, this.size)
      }
      const bytes = Buffer.concat(pieces)
      writeAll(this.file, bytes, this.size)
      this.size += bytes.length
    })
  }

  private info(): Buffer {
    const fields = `software: dafu/${VERSION}\r\nformat: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n`
    const date = `${new Date().toISOString().slice(0, 19)}Z`
    return record('warcinfo', newId(), 'application/warc-fields', Buffer.from(fields), [
      ['WARC-Date', date],
      ['WARC-Filename', this.name],
    ])
  }
}

const newId = () => `urn:uuid:${randomUUID()}`

function record(
  type: string,
  id: string,
  mediaType: string,
  block: Buffer,
  fields: readonly (readonly string[])[],
): Buffer {
  const lines = [
    'WARC/1.1',
    `WARC-Type: ${type}`,
    `WARC-Record-ID: <${id}>`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    `WARC-Block-Digest: ${digestOf(block)}`,
    `Content-Type: ${mediaType}`,
    `Content-Length: ${block.length}`,
  ]
  return gzipSync(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), block, HEAD_END]), { level: 9 })
}
