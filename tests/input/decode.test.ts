import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { decode, encodingOf } from '../../src/input/decode.ts'

const CHINESE = '<html><body>天津市人民政府对提案的答复，现答复如下：一、强化顶层设计</body></html>'
const meta = (label: string) => CHINESE.replace('<html>', `<html><head><meta charset="${label}"></head>`)
const none = { encoding: null, charset: null }
const gbk = (text: string) => iconv.encode(text, 'gb18030')

describe('who decides', () => {
  it.each<[string, Uint8Array, { encoding: string | null; charset: string | null }, string, string]>([
    ['UTF-8 without label', Buffer.from(CHINESE), none, 'utf-8', 'utf-8'],
    ['GBK without label', gbk(CHINESE), none, 'gb18030', 'gb18030'],
    ['GBK with meta', gbk(meta('gb2312')), none, 'gb18030', 'meta'],
    ['GBK with header', gbk(CHINESE), { encoding: null, charset: 'GBK' }, 'gb18030', 'header'],
    ['the header before the meta', gbk(meta('utf-8')), { encoding: null, charset: 'gbk' }, 'gb18030', 'header'],
    ['UTF-8 under a gb2312 label', Buffer.from(meta('gb2312')), none, 'utf-8', 'utf-8'],
    ['GBK under a utf-8 label', gbk(meta('utf-8')), none, 'gb18030', 'gb18030'],
    ['a BOM before the meta', Buffer.from(`\ufeff${meta('gb2312')}`), none, 'utf-8', 'bom'],
    ['UTF-16LE with BOM', Buffer.from(`\ufeff${meta('gb2312')}`, 'utf16le'), none, 'utf-16le', 'bom'],
    ['UTF-16LE without BOM', Buffer.from(CHINESE, 'utf16le'), none, 'utf-16le', 'utf-16'],
    ['the caller before all', gbk(meta('utf-8')), { encoding: 'gbk', charset: 'utf-8' }, 'gb18030', 'caller'],
    ['Big5', iconv.encode('<meta charset=big5>關於對提案的答復', 'big5'), none, 'big5', 'meta'],
    ['an XML declaration', gbk('<?xml version="1.0" encoding="gb2312"?><html>提案</html>'), none, 'gb18030', 'meta'],
  ])('%s', (_, bytes, hints, used, decidedBy) => {
    const decoded = decode(bytes, hints)
    expect({ used: decoded.used, decidedBy: decoded.decidedBy }).toEqual({ used, decidedBy })
    expect(decoded.text).toMatch(/提案/)
    expect(decoded.text).not.toContain('\ufeff')
  })
})

it('a UTF-8 page cut inside a character stays UTF-8, its damage counted', () => {
  const bytes = Buffer.from(CHINESE.slice(0, 30)).subarray(0, -1)
  const decoded = decode(bytes, none)
  expect(decoded).toMatchObject({ used: 'utf-8', replacementChars: 1 })
  expect(decoded.diagnostics.map(({ code }) => code)).toEqual(['encoding.damaged'])
})

it('an unknown label is named and passed over', () => {
  const decoded = decode(Buffer.from(meta('x-none')), none)
  expect(decoded).toMatchObject({ used: 'utf-8', declared: 'x-none' })
  expect(decoded.diagnostics.map(({ code }) => code)).toEqual(['encoding.unknown_label'])
})

it('line ends become \\n', () => {
  expect(decode(Buffer.from('a\r\nb\rc'), none).text).toBe('a\nb\nc')
})

// WHATWG Encoding, index gb18030 of 2024 (GB18030-2022): where ICU of old, iconv-lite and WHATWG differ.
it.each([
  [[0xa2, 0xe3], '€'],
  [[0xa3, 0xa0], '\u3000'],
  [[0xa8, 0xbf], 'ǹ'],
  [[0x80], '€'],
  [[0x82, 0x35, 0x90, 0x37], '\u9fb4'],
  [[0xa6, 0xd9], '\ufe10'],
  [[0xa6, 0xdf], '\ufe16'],
  [[0xa6, 0xec], '\ufe17'],
  [[0xa6, 0xed], '\ufe18'],
  [[0xa6, 0xf3], '\ufe19'],
  [[0xfe, 0x59], '\u9fb4'],
  [[0xfe, 0x61], '\u9fb5'],
  [[0xfe, 0x66], '\u9fb6'],
  [[0xfe, 0x67], '\u9fb7'],
  [[0xfe, 0x6d], '\u9fb8'],
  [[0xfe, 0x7e], '\u9fb9'],
  [[0xfe, 0x90], '\u9fba'],
  [[0xfe, 0xa0], '\u9fbb'],
])('the GB bytes %j are %s', (bytes, character) => {
  expect(decode(Buffer.from(bytes), { encoding: 'gb2312', charset: null }).text).toBe(character)
})

it.each([
  ['GB2312', 'gb18030'],
  ['x-gbk', 'gb18030'],
  ['cp936', 'gb18030'],
  ['latin1', 'windows-1252'],
  ['utf8', 'utf-8'],
  ['hz-gb-2312', null],
  ['nonsense', null],
])('the label %s means %s', (label, name) => {
  expect(encodingOf(label)).toBe(name)
})

it('half a pair of UTF-16 becomes U+FFFD and is counted', () => {
  const { text, replacementChars } = decode(Buffer.from('\ufeff<p>甲\ud83d</p>\ude00', 'utf16le'), none)
  expect({ text, replacementChars }).toEqual({ text: '<p>甲\ufffd</p>\ufffd', replacementChars: 2 })
})
