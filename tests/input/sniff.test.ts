import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { findForeignFormat, looksLikeHtml } from '../../src/input/sniff.ts'

describe('findForeignFormat', () => {
  it.each<[string, Uint8Array, string | null]>([
    ['a zip', Buffer.from('PK\x03\x04rest'), 'zip'],
    ['a gzip', gzipSync('x'), 'gzip'],
    ['a WARC', Buffer.from('WARC/1.1\r\n'), 'warc'],
    [
      'an MHTML',
      Buffer.from(
        'From: <Saved by Blink>\r\nSnapshot-Content-Location: http://a/\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n',
      ),
      'mhtml',
    ],
    ['a PDF', Buffer.from('%PDF-1.4'), 'other'],
    ['random bytes', Buffer.from(Array.from({ length: 400 }, (_, i) => (i * 37) % 256)), 'other'],
    ['UTF-16', Buffer.from('<html>提案</html>', 'utf16le'), null],
    ['a page', Buffer.from('<html>提案</html>'), null],
    ['GBK', Buffer.from([0xcc, 0xe1, 0xb0, 0xb8, 0x0a]), null],
  ])('%s', (_, bytes, kind) => {
    expect(findForeignFormat(bytes)?.format ?? null).toBe(kind)
  })
})

it.each([
  ['<!DOCTYPE html><html>', true],
  ['<P>　　正文', true],
  ['天津市政府门户网站\n对提案的答复', false],
  ['a < b and c > d', false],
])('%j is HTML: %s', (text, expected) => {
  expect(looksLikeHtml(text)).toBe(expected)
})
