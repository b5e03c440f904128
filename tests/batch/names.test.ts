import { expect, it } from 'vitest'
import { OutputNames } from '../../src/batch/names.ts'

const nameOf = (uri: string) => new OutputNames('.json').nameOf(uri)

it.each([
  ['a/b.html', 'a/b.html.json'],
  ['./a/b.html', 'a/b.html.json'],
  ['../../etc/passwd', 'etc/passwd.json'],
  ['/abs/答复.html', 'abs/答复.html.json'],
  ['x.zip!c/../d.html', 'x.zip/c/d.html.json'],
  ['x.warc!https://a.invalid/b?c=1', 'x.warc/https_/a.invalid/b_c=1.json'],
  ['https://a.invalid/b', 'a.invalid/b.json'],
  ['-', '-.json'],
  ['a/con.html', 'a/_con.html.json'],
  ['COM1/x', '_COM1/x.json'],
  ['a. /b', 'a__/b.json'],
  ['a\u0000\u001b[31m\n.html', 'a__[31m_.html.json'],
])('%j → %j', (uri, name) => {
  expect(nameOf(uri)).toBe(name)
})

it('a long name is cut between characters and told apart by a hash', () => {
  const [one, other] = ['甲', '乙'].map((end) => nameOf(`a/${'答'.repeat(200)}${end}.html`))
  expect(Buffer.byteLength(one!.split('/')[1]!)).toBeLessThanOrEqual(205)
  expect(one).toMatch(/^a\/答+-[0-9a-f]{8}\.json$/)
  expect(one).not.toBe(other)
})

it('two inputs never share a name, not even where case or composition is ignored', () => {
  const names = new OutputNames('.json')
  const given = ['a/é.html', 'a/e\u0301.html', 'A/É.html', 'a/b?.html', 'a/b*.html', 'x!y', 'x/y'].map((uri) =>
    names.nameOf(uri),
  )
  const keys = given.map((name) => name.normalize('NFC').toLowerCase())
  expect(new Set(keys).size).toBe(keys.length)
  expect(names.nameOf('a/é.html')).toBe(given[0])
})
