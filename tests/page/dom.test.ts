import { load } from 'cheerio'
import { describe, expect, it } from 'vitest'
import { attribute, readHead, selector, textOf } from '../../src/page/dom.ts'
import { parse } from '../../src/page/parse.ts'
import { readCases } from '../cases.ts'

/** Broken markup that parsers disagree on; browsers and cheerio's parse5 mode do not. */
const BROKEN = [
  '<p>甲<p>乙</div>丙',
  '<b><p>甲</b>乙</p>',
  '<table><tr><td>甲<table><tr><td>乙</td></tr></table>丙</td></tr></table>',
  '<table>甲<tr><td>乙',
  '<a href=1>甲<a href=2>乙</a>丙</a>',
  '<font><b>甲</font>乙</b>丙',
  '<ul><li>甲<ul><li>乙</ul><li>丙</ul>',
  '<html><body>甲<html><head><title>x</title></head><body class=b>乙</body></html>丙',
  '<form>甲<form>乙</form>丙</form>',
  '<select><option>甲<option>乙</select>丙',
  '甲<!--x--!>乙<!-->丙',
  '<div class=TRS_Editor style=a>甲</DIV>乙',
]
const flat = (text: string) => text.replace(/\s+/g, '')

describe('the tree is that of cheerio, which is that of browsers', () => {
  it.each(BROKEN)('%s', (html) => {
    expect(flat(textOf(readHead(parse(html)).body!))).toBe(flat(load(html)('body').text()))
  })

  it.each(
    readCases()
      .filter(({ source }) => source.uri === 'page.html')
      .map(({ slug, source }) => [slug, source.bytes] as const),
  )('%s', (_, bytes) => {
    const html = Buffer.from(bytes).toString('latin1')
    expect(flat(textOf(readHead(parse(html)).body!))).toBe(flat(load(html)('body').text()))
  })
})

it('a selector tests one element as cheerio would', () => {
  const html = '<div id="xlrllt"><div class="view TRS_UEDITOR x"><p>甲</p></div></div><td class="hanggao35 weiruan">'
  const elements: ReturnType<typeof readHead>['body'][] = []
  const open = [readHead(parse(html)).body!]
  for (let element = open.pop(); element; element = open.pop()) {
    elements.push(element)
    for (const child of element.childNodes) if ('tagName' in child) open.push(child)
  }
  const $ = load(html)
  for (const source of ['#xlrllt', '.TRS_UEDITOR', 'div.view', '#xlrllt > div', 'div.none', '.x'])
    expect(elements.filter((element) => selector(source).matches(element!)).length, source).toBe($(source).length)
})

it('the head of nested documents is the first', () => {
  const head = readHead(
    parse(
      '<html><head><title> 甲\n乙 </title><meta name=A content=1><meta name=a content=2><link rel=canonical href=/c></head><body><html><head><title>丙</title></head></html></body></html>',
    ),
  )
  expect(head).toMatchObject({
    title: '甲 乙',
    canonical: '/c',
    meta: [
      { name: 'A', content: '1' },
      { name: 'a', content: '2' },
    ],
  })
  expect(attribute(head.body!, 'none')).toBeNull()
})
