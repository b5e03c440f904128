import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import PostalMime from 'postal-mime'
import { extract, pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { WARCParser } from 'warcio'
import yazl from 'yazl'
import { convert } from '../../../src/convert.ts'
import { bufferBlob } from '../../../src/input/blob.ts'
import { type OpenOptions, openBlob } from '../../../src/input/open.ts'
import { random } from '../../../tools/hostile-pages.js'
import { letterOf, pageOf, plain } from '../../cases.ts'

const PAGE = Buffer.from(pageOf(letterOf(['一、甲', '二、乙'])))
const page = (number: number) =>
  Buffer.from(pageOf(letterOf(['一、甲']), `对市政协十四届四次会议第${String(number).padStart(4, '0')}号提案的答复`))

const OPTIONS: OpenOptions = { statuses: new Set([200]), type: null, wants: () => true }

async function open(uri: string, bytes: Uint8Array, options: Partial<OpenOptions> = {}) {
  const outcomes: string[] = []
  const sources = []
  for await (const outcome of openBlob(uri, bufferBlob(bytes), { ...OPTIONS, ...options })) {
    if (outcome.kind === 'source') sources.push(outcome.source)
    outcomes.push(
      outcome.kind === 'source'
        ? outcome.source.uri
        : outcome.kind === 'failed'
          ? `${outcome.error.code} ${outcome.uri}`
          : `skipped ${outcome.uri}`,
    )
  }
  return { outcomes, sources }
}

/** A record without what the way to it decides. */
const recordOf = (source: Parameters<typeof convert>[0]) => ({ ...convert(source, plain), source: null })
const bare = (await open('page.html', PAGE)).sources[0]!

async function zipOf(
  entries: readonly (readonly [name: string | Buffer, bytes: Uint8Array, compress?: boolean])[],
): Promise<Buffer> {
  const file = new yazl.ZipFile()
  const names = entries.map(([name], i) =>
    typeof name === 'string' ? name : `raw-name-${String(i).padStart(name.length - 9, '0')}`,
  )
  entries.forEach(([, bytes, compress], i) =>
    file.addBuffer(Buffer.from(bytes), names[i]!, { compress: compress ?? true }),
  )
  file.end()
  let zip: Buffer = await collect(file.outputStream as Readable)
  entries.forEach(([name], i) => {
    if (typeof name !== 'string') zip = replaceAll(zip, Buffer.from(names[i]!), name)
  })
  return zip
}

function replaceAll(bytes: Buffer, from: Buffer, to: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from, at + 1)) to.copy(copy, at)
  return copy
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function tarOf(entries: readonly (readonly [string, Uint8Array])[]): Promise<Buffer> {
  const file = pack()
  for (const [name, bytes] of entries) file.entry({ name }, Buffer.from(bytes))
  file.finalize()
  return collect(file as unknown as Readable)
}

describe('gzip', () => {
  it('a packed page', async () => {
    const { outcomes, sources } = await open('a/page.html.gz', gzipSync(PAGE))
    expect(outcomes).toEqual(['a/page.html.gz!page.html'])
    expect(sources[0]!.archive).toMatchObject({ kind: 'gzip', offset: 0 })
    expect(recordOf(sources[0]!)).toEqual(recordOf(bare))
  })

  it('several members are one page', async () => {
    const { sources } = await open(
      'page.html.gz',
      Buffer.concat([gzipSync(PAGE.subarray(0, 300)), gzipSync(PAGE.subarray(300))]),
    )
    expect(sources[0]!.bytes).toEqual(PAGE)
  })

  it.each([
    ['cut short', gzipSync(PAGE).subarray(0, -20)],
    ['with a flipped bit', flipped(gzipSync(PAGE), 60)],
  ])('%s', async (_, bytes) => {
    expect((await open('page.html.gz', bytes)).outcomes).toEqual(['archive.damaged page.html.gz!page.html'])
  })

  it('a bomb is refused', async () => {
    expect((await open('page.html.gz', gzipSync(Buffer.alloc(60 << 20)))).outcomes).toEqual([
      'input.too_big page.html.gz!page.html',
    ])
  })
})

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at]! ^= 0x10
  return copy
}

describe('zip', () => {
  it('pages by name or look, in order; others are skipped', async () => {
    const zip = await zipOf([
      ['b/一.html', PAGE],
      ['b/一_files/ad.html', PAGE],
      ['b/logo.png', Buffer.from([1, 2])],
      ['a/无结尾', PAGE, false],
      ['.hidden.html', PAGE],
    ])
    const { outcomes, sources } = await open('saved.zip', zip)
    expect(outcomes).toEqual([
      'saved.zip!b/一.html',
      'skipped saved.zip!b/一_files/ad.html',
      'skipped saved.zip!b/logo.png',
      'saved.zip!a/无结尾',
      'skipped saved.zip!.hidden.html',
    ])
    for (const source of sources) expect(recordOf(source)).toEqual(recordOf(bare))
    expect(sources[0]!.archive.kind).toBe('zip')
  })

  it('names in GBK without the UTF-8 flag, as Chinese Windows writes them', async () => {
    const name = iconv.encode('建议提案/答复一号.html', 'gb18030')
    const zip = await zipOf([[name, PAGE]])
    // yazl always sets the flag: clear bit 11 in both headers.
    for (const [magic, at] of [
      ['PK\x03\x04', 6],
      ['PK\x01\x02', 8],
    ] as const) {
      const header = zip.indexOf(magic, 0, 'latin1')
      zip.writeUInt16LE(zip.readUInt16LE(header + at) & ~0x800, header + at)
    }
    expect((await open('x.zip', zip)).outcomes).toEqual(['x.zip!建议提案/答复一号.html'])
  })

  it('--member chooses', async () => {
    const zip = await zipOf([
      ['a.html', PAGE],
      ['b.html', PAGE],
    ])
    expect((await open('x.zip', zip, { wants: (name) => name === 'b.html' })).outcomes).toEqual([
      'skipped x.zip!a.html',
      'x.zip!b.html',
    ])
  })

  it('a damaged entry is named with its place, the others are read', async () => {
    const zip = await zipOf([
      ['a.html', page(1)],
      ['b.html', page(2)],
      ['c.html', page(3)],
    ])
    const second = zip.indexOf('PK\x03\x04', 10, 'latin1')
    const { outcomes } = await open('x.zip', flipped(zip, second + 60))
    expect(outcomes).toEqual(['x.zip!a.html', 'archive.damaged x.zip!b.html', 'x.zip!c.html'])
  })

  it('a file that is cut short gives the entries that are whole', async () => {
    const zip = await zipOf([
      ['a.html', page(1)],
      ['b.html', page(2)],
      ['c.html', page(3)],
    ])
    const third = zip.indexOf('PK\x03\x04', zip.indexOf('PK\x03\x04', 10, 'latin1') + 10, 'latin1')
    const { outcomes } = await open('x.zip', zip.subarray(0, third + 50))
    expect(outcomes).toEqual(['archive.damaged x.zip', 'x.zip!a.html', 'x.zip!b.html', 'archive.damaged x.zip!c.html'])
  })

  it('a bomb, a name that leads out, an archive in an archive in an archive', async () => {
    expect((await open('x.zip', await zipOf([['a.html', Buffer.alloc(60 << 20)]]))).outcomes).toEqual([
      'input.too_big x.zip!a.html',
    ])
    const evil = await zipOf([[Buffer.from('../../etc/x.html'), PAGE]])
    expect((await open('x.zip', evil)).outcomes).toEqual(['archive.unsafe_name x.zip!../../etc/x.html'])
    let nested: Buffer = PAGE
    for (let depth = 0; depth < 3; depth++) nested = await zipOf([[depth === 0 ? 'a.html' : 'in.zip', nested]])
    expect((await open('x.zip', nested)).outcomes).toEqual(['x.zip!in.zip!in.zip!a.html'])
    nested = await zipOf([['in.zip', await zipOf([['in.zip', nested]])]])
    expect((await open('x.zip', nested)).outcomes[0]).toMatch(/^archive\.too_deep /)
  })

  it('without pages', async () => {
    expect((await open('x.zip', await zipOf([['a.png', Buffer.from([1])]]))).outcomes).toEqual([
      'skipped x.zip!a.png',
      'input.no_pages x.zip',
    ])
  })
})

describe('tar', () => {
  const longName = `${'很长的文件夹名字/'.repeat(12)}答复.html`

  it('reads what tar-stream writes, as tar-stream reads it', async () => {
    const file = await tarOf([
      ['a.html', PAGE],
      [longName, page(2)],
      ['x.png', Buffer.from([1])],
    ])
    const { outcomes, sources } = await open('x.tar', file)
    expect(outcomes).toEqual(['x.tar!a.html', `x.tar!${longName}`, 'skipped x.tar!x.png'])
    const oracle: [string, Buffer][] = []
    const reader = extract()
    reader.on('entry', (header, stream, next) => {
      void collect(stream as unknown as Readable).then((bytes) => {
        oracle.push([header.name, bytes])
        next()
      })
    })
    await new Promise<void>((resolve) => {
      reader.on('finish', () => resolve())
      reader.end(file)
    })
    expect(sources.map(({ uri, bytes }) => [uri.slice('x.tar!'.length), bytes])).toEqual(oracle.slice(0, 2))
    expect(sources[0]!.archive).toMatchObject({ kind: 'tar', offset: 0 })
  })

  it('a packed tar', async () => {
    const file = gzipSync(
      await tarOf([
        ['a.html', PAGE],
        ['b.html', page(2)],
      ]),
    )
    expect((await open('x.tar.gz', file)).outcomes).toEqual(['x.tar.gz!a.html', 'x.tar.gz!b.html'])
    expect((await open('x.tgz', file)).outcomes).toHaveLength(2)
    const cut = (await open('x.tar.gz', file.subarray(0, -40))).outcomes
    expect(cut).toContain('x.tar.gz!a.html')
    expect(cut.at(-1)).toMatch(/^archive\.damaged/)
  })

  it('behind a damaged header reading goes on', async () => {
    const file = await tarOf([
      ['a.html', page(1)],
      ['b.html', page(2)],
      ['c.html', page(3)],
    ])
    const second = 512 + Math.ceil(page(1).length / 512) * 512
    const { outcomes } = await open('x.tar', flipped(file, second + 5))
    expect(outcomes).toEqual(['x.tar!a.html', 'archive.damaged x.tar', 'x.tar!c.html'])
  })

  it('a name that leads out, a member that is cut short', async () => {
    expect(
      (
        await open(
          'x.tar',
          await tarOf([
            ['../x.html', PAGE],
            ['a.html', PAGE],
          ]),
        )
      ).outcomes,
    ).toEqual(['archive.unsafe_name x.tar!../x.html', 'x.tar!a.html'])
    expect((await open('x.tar', (await tarOf([['a.html', PAGE]])).subarray(0, 700))).outcomes).toEqual([
      'archive.damaged x.tar!a.html',
    ])
  })
})

describe('MHTML', () => {
  const GBK_PAGE = iconv.encode(PAGE.toString().replace('<head>', '<head><meta charset="gb2312">'), 'gbk')
  const quoted = (bytes: Buffer) =>
    [...bytes]
      .map((byte) =>
        byte > 0x7e || byte === 0x3d
          ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
          : String.fromCharCode(byte),
      )
      .join('')
      .replace(/(.{60}(?:=..)?)(?!$)/g, (part) => (/=.?$/.test(part) ? part : `${part}=\r\n`))
  const mhtml = (encoding: string, body: string, type = 'text/html') =>
    Buffer.from(
      [
        'From: <Saved by Blink>',
        'Snapshot-Content-Location: https://www.tj.gov.cn/zwgk/t20211122_1.html',
        'Subject: =?utf-8?Q?=E7=AD=94?=',
        'Date: Mon, 22 Nov 2021 09:02:51 +0800',
        'MIME-Version: 1.0',
        'Content-Type: multipart/related;',
        '\ttype="text/html";',
        '\tboundary="----MultipartBoundary--abc----"',
        '',
        '',
        '------MultipartBoundary--abc----',
        `Content-Type: ${type}`,
        `Content-Transfer-Encoding: ${encoding}`,
        'Content-Location: https://www.tj.gov.cn/zwgk/t20211122_1.html',
        '',
        body,
        '------MultipartBoundary--abc----',
        'Content-Type: image/png',
        'Content-Transfer-Encoding: base64',
        '',
        'AAAA',
        '------MultipartBoundary--abc------',
        '',
      ].join('\r\n'),
      'latin1',
    )

  it.each<[string, Buffer, Buffer]>([
    ['quoted-printable', mhtml('quoted-printable', quoted(PAGE)), PAGE],
    ['base64', mhtml('base64', PAGE.toString('base64').replace(/.{76}/g, '$&\r\n')), PAGE],
    ['GBK that only meta names', mhtml('quoted-printable', quoted(GBK_PAGE)), GBK_PAGE],
    ['8bit', mhtml('8bit', PAGE.toString('latin1')), PAGE],
  ])('%s: the raw bytes of the root part', async (_, bytes, expected) => {
    const { outcomes, sources } = await open('saved.mhtml', bytes)
    expect(outcomes).toEqual(['saved.mhtml!https://www.tj.gov.cn/zwgk/t20211122_1.html'])
    expect(sources[0]!.bytes).toEqual(expected)
    expect(sources[0]).toMatchObject({
      url: 'https://www.tj.gov.cn/zwgk/t20211122_1.html',
      urlFrom: 'mhtml',
      retrievedAt: '2021-11-22T01:02:51Z',
      archive: { kind: 'mhtml' },
    })
    expect(convert(sources[0]!, plain).reply.case_numbers).toEqual(['0101'])
  })

  it('UTF-8 as postal-mime reads it', async () => {
    const bytes = mhtml('quoted-printable', quoted(PAGE), 'text/html; charset=utf-8')
    const { html } = await PostalMime.parse(bytes)
    expect(Buffer.from((await open('a.mht', bytes)).sources[0]!.bytes).toString()).toBe(html?.trim())
  })

  it('without an HTML part', async () => {
    expect((await open('a.mht', mhtml('8bit', 'x', 'text/css'))).outcomes).toEqual(['input.not_a_page a.mht!a.mht'])
  })
})

describe('WARC', () => {
  const http = (body: Buffer, headers: { [name: string]: string } = {}, status = '200 OK') =>
    Buffer.concat([
      Buffer.from(
        [
          `HTTP/1.1 ${status}`,
          ...Object.entries({ 'Content-Type': 'text/html; charset=utf-8', ...headers }).map(
            ([name, value]) => `${name}: ${value}`,
          ),
          '',
          '',
        ].join('\r\n'),
      ),
      body,
    ])
  const chunked = (body: Buffer) =>
    Buffer.concat([
      Buffer.from('a\r\n'),
      body.subarray(0, 10),
      Buffer.from(`\r\n${(body.length - 10).toString(16)};x=1\r\n`),
      body.subarray(10),
      Buffer.from('\r\n0\r\n\r\n'),
    ])
  const record = (number: number, content: Buffer, type = 'response', extra: { [name: string]: string } = {}) =>
    Buffer.concat([
      Buffer.from(
        [
          'WARC/1.1',
          `WARC-Type: ${type}`,
          `WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-${String(number).padStart(12, '0')}>`,
          'WARC-Date: 2021-11-22T01:02:51Z',
          `WARC-Target-URI: https://www.tj.gov.cn/${number}.html`,
          ...Object.entries(extra).map(([name, value]) => `${name}: ${value}`),
          `Content-Type: ${type === 'resource' ? 'text/html' : 'application/http;msgtype=response'}`,
          `Content-Length: ${content.length}`,
          '',
          '',
        ].join('\r\n'),
      ),
      content,
      Buffer.from('\r\n\r\n'),
    ])
  const member = (number: number) => gzipSync(record(number, http(page(number))))

  it.each<[string, Buffer]>([
    ['plain', record(1, http(PAGE))],
    ['packed', gzipSync(record(1, http(PAGE)))],
    ['chunked', record(1, http(chunked(PAGE), { 'Transfer-Encoding': 'chunked' }))],
    [
      'chunked and gzip',
      record(1, http(chunked(gzipSync(PAGE)), { 'Transfer-Encoding': 'chunked', 'Content-Encoding': 'gzip' })),
    ],
    ['deflate', record(1, http(deflateSync(PAGE), { 'Content-Encoding': 'deflate' }))],
    ['br', record(1, http(brotliCompressSync(PAGE), { 'Content-Encoding': 'br' }))],
    ['said to be chunked, stored plain', record(1, http(PAGE, { 'Transfer-Encoding': 'chunked' }))],
    ['a resource', record(1, PAGE, 'resource')],
    [
      'with a digest in base 32',
      record(1, http(PAGE), 'response', {
        'WARC-Block-Digest': `sha256:${createHash('sha256').update(http(PAGE)).digest('hex')}`,
      }),
    ],
  ])('%s', async (_, bytes) => {
    const { outcomes, sources } = await open('x.warc', bytes)
    expect(outcomes).toEqual(['x.warc!https://www.tj.gov.cn/1.html'])
    expect(sources[0]).toMatchObject({
      url: 'https://www.tj.gov.cn/1.html',
      urlFrom: 'warc',
      retrievedAt: '2021-11-22T01:02:51Z',
      archive: {
        kind: 'warc',
        offset: 0,
        length: bytes.length,
        record_id: 'urn:uuid:00000000-0000-4000-8000-000000000001',
      },
    })
    expect({ ...recordOf(sources[0]!) }).toEqual(recordOf(bare))
  })

  it('damage inside one gzip member is named, and the records behind it are read', async () => {
    const damaged = Buffer.from(
      record(2, http(page(2)))
        .toString('latin1')
        .replace(/Content-Length: (\d+)/, (_, size) => `Content-Length: ${Number(size) + 5}`),
      'latin1',
    )
    const file = gzipSync(Buffer.concat([record(1, http(page(1))), damaged, record(3, http(page(3)))]))
    const { sources, outcomes } = await open('x.warc.gz', file)
    expect(sources.map(({ url }) => url)).toEqual([1, 3].map((n) => `https://www.tj.gov.cn/${n}.html`))
    expect(outcomes).toHaveLength(3)
  })

  it('as warcio reads it', async () => {
    const file = Buffer.concat([1, 2, 3].map(member))
    const { sources } = await open('x.warc.gz', file)
    const oracle: [string | null, Buffer][] = []
    for await (const one of new WARCParser(Readable.from([file])))
      oracle.push([one.warcTargetURI ?? null, Buffer.from(await one.contentText())])
    expect(sources.map(({ url, bytes }) => [url, bytes])).toEqual(oracle)
  })

  it('other records are passed over, revisits and other statuses named', async () => {
    const file = Buffer.concat([
      record(0, Buffer.from('software: x\r\n'), 'warcinfo'),
      record(1, http(page(1))),
      record(2, http(Buffer.from('no'), {}, '404 Not Found')),
      record(3, http(Buffer.alloc(0)), 'revisit'),
      record(4, http(Buffer.from([1, 2, 3]), { 'Content-Type': 'image/png' })),
    ])
    const names = (n: number) => `x.warc!https://www.tj.gov.cn/${n}.html`
    expect((await open('x.warc', file)).outcomes).toEqual([
      names(1),
      `skipped ${names(2)}`,
      `skipped ${names(3)}`,
      `skipped ${names(4)}`,
    ])
    expect((await open('x.warc', file, { statuses: new Set([404]) })).outcomes).toContain(names(2))
  })

  it('a page that the crawler cut short has a warning', async () => {
    const { sources } = await open('x.warc', record(1, http(PAGE), 'response', { 'WARC-Truncated': 'length' }))
    expect(convert(sources[0]!, plain).diagnostics.map(({ code }) => code)).toEqual(['archive.truncated'])
  })

  it('a record that does not match its digest is damaged', async () => {
    const bytes = record(1, http(PAGE), 'response', { 'WARC-Block-Digest': 'sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })
    expect((await open('x.warc', bytes)).outcomes).toEqual(['archive.damaged x.warc!https://www.tj.gov.cn/1.html'])
  })

  it.each<[string, (records: Buffer[]) => Buffer]>([
    ['packed', (records) => Buffer.concat(records.map((one) => gzipSync(one)))],
    ['plain', (records) => Buffer.concat(records)],
  ])(
    '%s, with flipped bytes: every record whose own bytes are sound is read, and every loss is named',
    async (kind, join) => {
      const digest = (content: Buffer) => ({
        'WARC-Block-Digest': `sha256:${createHash('sha256').update(content).digest('hex')}`,
      })
      const contents = Array.from({ length: 300 }, (_, i) => http(page(i)))
      const records = contents.map((content, i) => record(i, content, 'response', digest(content)))
      const file = join(records)
      const ends = records.map((one) => (kind === 'packed' ? gzipSync(one).length : one.length))
      const next = random(42)
      const hit = new Set<number>()
      for (let flips = 0; flips < 12; flips++) {
        const at = Math.floor(next() * file.length)
        file[at]! ^= 1 << Math.floor(next() * 8)
        let record = 0
        for (let end = ends[0]!; end <= at; end += ends[record]!) record++
        hit.add(record)
      }
      const { outcomes, sources } = await open('x.warc', file)
      const read = new Set(sources.map(({ url }) => Number(/(\d+)\.html$/.exec(url!)![1])))
      for (let i = 0; i < 300; i++) if (!hit.has(i)) expect(read.has(i), `record ${i}`).toBe(true)
      expect(outcomes.filter((outcome) => outcome.startsWith('archive.damaged')).length).toBeGreaterThan(0)
    },
  )

  it('a giant record is refused, the next one read', async () => {
    const file = Buffer.concat([gzipSync(record(1, http(Buffer.alloc(60 << 20, 0x20)))), member(2)])
    expect((await open('x.warc.gz', file)).outcomes).toEqual([
      'input.too_big x.warc.gz',
      'x.warc.gz!https://www.tj.gov.cn/2.html',
    ])
    const plainFile = Buffer.concat([record(1, http(Buffer.alloc(60 << 20, 0x20))), record(2, http(page(2)))])
    expect((await open('x.warc', plainFile)).outcomes).toEqual([
      'input.too_big x.warc!https://www.tj.gov.cn/1.html',
      'x.warc!https://www.tj.gov.cn/2.html',
    ])
  })

  it('WACZ: the WARC files of a collection, held against their hashes', async () => {
    const file = Buffer.concat([1, 2].map(member))
    const description = (hash: string) =>
      Buffer.from(JSON.stringify({ resources: [{ path: 'archive/data.warc.gz', hash }] }))
    const wacz = (hash: string) =>
      zipOf([
        ['archive/data.warc.gz', file, false],
        ['indexes/index.cdx.gz', gzipSync('x')],
        ['pages/pages.jsonl', Buffer.from('{}')],
        ['datapackage.json', description(hash)],
      ])
    const good = await open('x.wacz', await wacz(`sha256:${createHash('sha256').update(file).digest('hex')}`))
    expect(good.outcomes).toEqual([1, 2].map((n) => `x.wacz!archive/data.warc.gz!https://www.tj.gov.cn/${n}.html`))
    const bad = await open('x.wacz', await wacz(`sha256:${'0'.repeat(64)}`))
    expect(bad.outcomes).toEqual(['archive.damaged x.wacz!archive/data.warc.gz', ...good.outcomes])
  })
})

describe('saved pages', () => {
  it.each<[string, string, string | null, string | null]>([
    [
      'a browser',
      '<!-- saved from url=(0044)https://www.tj.gov.cn/zwgk/t20211122_1.html -->\n',
      'https://www.tj.gov.cn/zwgk/t20211122_1.html',
      null,
    ],
    [
      'SingleFile',
      '<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://www.tj.gov.cn/a.html \n saved date: Mon Nov 22 2021 09:02:51 GMT+0800 (中国标准时间)\n-->',
      'https://www.tj.gov.cn/a.html',
      '2021-11-22T01:02:51Z',
    ],
  ])('%s names the address', (_, mark, url, retrievedAt) => {
    const record = convert({ ...bare, bytes: Buffer.from(mark + PAGE.toString()) }, plain)
    expect(record.source).toMatchObject({ url, url_from: 'saved_from', retrieved_at: retrievedAt })
  })

  it('meta Url, then the canonical link', () => {
    const head = (tags: string) =>
      convert({ ...bare, bytes: Buffer.from(PAGE.toString().replace('<head>', `<head>${tags}`)) }, plain).source
    const canonical = '<link rel="canonical" href="https://b.invalid/">'
    expect(head(canonical)).toMatchObject({ url: 'https://b.invalid/', url_from: 'canonical' })
    expect(head(`${canonical}<meta name="Url" content="https://a.invalid/">`)).toMatchObject({
      url: 'https://a.invalid/',
      url_from: 'meta',
    })
  })
})
