import { parse as parse5, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import { describe, expect, it } from 'vitest'
import { parse } from '../../src/page/parse.ts'
import { random } from '../../tools/hostile-pages.js'
import { readCases } from '../cases.ts'

/** A tree as text, a node a line, so that a difference is seen where it is. */
function show(document: Tree.Document): string {
  const lines: string[] = []
  const open: [Tree.Node, number][] = [[document, 0]]
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const [node, depth] = entry
    const { parentNode: _, childNodes = [], content, ...own } = node as Tree.Template
    lines.push(`${' '.repeat(depth)}${JSON.stringify(own)}`)
    for (const child of [...childNodes, ...(content ? [content] : [])].reverse()) open.push([child, depth + 1])
  }
  return lines.join('\n')
}
const expectTreeOfParse5 = (html: string) => expect(show(parse(html)), html).toBe(show(parse5(html)))

describe('the tree is that of parse5', () => {
  it.each([
    '<!DOCTYPE html><html><head><title>甲</title></head><body>乙</body></html>',
    '<p>甲 乙\n丙</p>',
    ' <p> 甲',
    '<pre>\n甲</pre><textarea>\n\n乙</textarea><pre>\r\n丙</pre>',
    '<p>甲\r\n乙\r丙&#13;丁',
    '<p>&nbsp;&ensp;甲&amp;乙&copy丙&notit;丁&#x4e00;&#0;&;& ',
    '<p>甲\0乙<b a\0="\0">丙<!--\0-->',
    '<p>𠮷甲\ud800乙\udc00&#x20bb7;𠮷',
    '<A HREF=甲 Class=B>乙</A><STYLE>p{}</Style>',
    `<a a="1" b='2' c=3 d e = 4 f= "5" g ='6' h\n=\n7\n>甲`,
    '<a a="1"b="2">甲</a><a a=1/ b=2/>乙</a><a a="1"/b>丙',
    '<a a="甲&amp;乙" b=\'&lt\' c=&copy d="a&b=c">丙',
    '<a a= >甲</a><a =a>乙</a><a a==b>丙</a><a "a">丁</a><a a"b=1>戊</a><a <b>己',
    "<a a=b'c d=`e f=g<h>甲",
    '<a a="1" a="2" A="3" b=1>甲',
    `<a ${Array.from({ length: 70 }, (_, i) => `a${i % 67}=${i}`).join(' ')}>甲`,
    '<br><br/><br /><div/>甲<br / >乙<br/a>丙',
    '</p></br></ p></>甲</p a=1></p/></p\n>',
    '<段>甲</段><a.b c.d=1>乙</a.b><o:p>丙</o:p><st1:x>丁<x-y>戊',
    '<!--甲--><!----><!--><!---><!--乙--!>丙<!--丁--!--><!-- -- - --->戊<!--a--b--><!---->',
    '<!甲><!doctype><!DOCTYPE html PUBLIC "a" "b">乙<?xml version="1"?><![CDATA[丙]]>',
    '<script>if (a<b && c</d/) "<!--<script></script>"</script>甲',
    '<script>甲</scripts></SCRIPT >乙<style>丙<b></style>丁<script>',
    '<title>甲<b>&amp;</title><textarea>乙</p></textarea><noscript><p>丙</noscript><iframe><p></iframe><xmp>&amp;<b></xmp>',
    '<plaintext>甲<b>乙</plaintext>',
    '<table>甲<tr> 乙<td>丙&nbsp;丁</table>',
    '<svg><path d="M0 0"/><title>甲<b>乙</title><![CDATA[<丙>]]><foreignObject viewbox=1><p>丁</svg>',
    '<math definitionurl=a><annotation-xml encoding="text/html"><p>甲</math>',
    '<template><tr><td>甲</template><frameset><frame>',
    '<p>甲<',
    '<p>甲</',
    '<p>甲<a',
    '<p>甲<a ',
    '<p>甲<a b',
    '<p>甲<a b=',
    '<p>甲<a b="c',
    '<p>甲<a b=c',
    '<p>甲<a b="c"',
    '<p>甲<a/',
    '<p>甲</a',
    '<p>甲<!',
    '<p>甲<!--',
    '<p>甲<!--乙-',
    '<p>甲<!--乙--',
    '<p>甲<!--乙--!',
    '<script>甲',
    '<p>甲&',
    '<p>甲 ',
    '',
  ])('%j', (html) => {
    expectTreeOfParse5(html)
    expectTreeOfParse5(`<!DOCTYPE html><body><div>${html}`)
  })

  it.each(
    readCases()
      .filter(({ source }) => source.uri === 'page.html')
      .map(({ slug, source }) => [slug, Buffer.from(source.bytes)] as const),
  )('%s', (_, bytes) => {
    expectTreeOfParse5(bytes.toString())
    expectTreeOfParse5(bytes.toString('latin1'))
  })

  const next = random(14)
  const oneOf = (words: readonly string[]) => words[Math.floor(next() * words.length)]!
  const some = (most: number, word: () => string) => Array.from({ length: next() * most }, word).join('')
  const WORDS = [
    '甲',
    'a b',
    '𠮷',
    '&nbsp;',
    '&',
    '&lt',
    '\n',
    '\r\n',
    ' ',
    '<',
    '-',
    '-->',
    '<!--',
    '--!>',
    '<!x>',
    '</',
    '"',
    '\0',
  ]
  const TAGS = 'a b p div ul li table tr td script style title pre select option svg math form br h1 o:p DIV 段'.split(
    ' ',
  )
  const NAMES = ['class', 'id', 'ID', 'x:y', '@a', 'a.b', '"', '/', '=', '甲']
  const VALUES = ['"a"', "'b'", 'c', '""', '"a&amp;b"', "'&lt'", '"<p>"', '"a"b', '`', 'a=b', '>', '"', '']
  const SPACES = ['', ' ', ' ', ' ', '\n', ' / ']
  const attribute = () => `${oneOf(SPACES)}${oneOf(NAMES)}${oneOf(['=', '=', ' = ', ''])}${oneOf(VALUES)}`
  const piece = () => {
    if (next() < 0.4) return oneOf(WORDS)
    if (next() < 0.4) return `</${oneOf(TAGS)}${oneOf(['>', '>', '>', ' >', ' a=1>', ''])}`
    return `<${oneOf(TAGS)}${some(3, attribute)}${oneOf(['>', '>', '>', ' >', '/>', ''])}`
  }

  it('4,000 pages put together at random', () => {
    for (let page = 0; page < 4000; page++) expectTreeOfParse5(some(30, piece))
  })
})
