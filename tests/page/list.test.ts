import { describe, expect, it } from 'vitest'
import { readList } from '../../src/page/list.ts'

const ADDRESS = 'https://a.gov.cn/zwgk/bljggk/index.html'
const TITLE = '关于市政协五届二次会议第0102号提案的答复'
const read = (body: string, address = ADDRESS) => readList(`<!DOCTYPE html><html><body>${body}</body></html>`, address)
const first = (body: string, address?: string) => read(body, address).links[0]!

describe('the address of a link', () => {
  it.each([
    ['relative', '<a href="./202112/t20211229_1.html">', 'https://a.gov.cn/zwgk/bljggk/202112/t20211229_1.html'],
    ['upwards', '<a href="../../x/1.html">', 'https://a.gov.cn/x/1.html'],
    ['from the root', '<a href="/contents/1/2.html">', 'https://a.gov.cn/contents/1/2.html'],
    ['of a sister host', '<a href="http://b.gov.cn/1.html">', 'http://b.gov.cn/1.html'],
    ['without scheme', '<a href="//b.gov.cn/1.html">', 'https://b.gov.cn/1.html'],
    ['with a fragment', '<a href="1.html#top">', 'https://a.gov.cn/zwgk/bljggk/1.html'],
    ['in a script', `<a onclick="isDownLoad(this,'https://b.gov.cn/1.html')">`, 'https://b.gov.cn/1.html'],
    [
      'in window.open',
      `<a href="javascript:void(0)" onclick="window.open('1.html')">`,
      'https://a.gov.cn/zwgk/bljggk/1.html',
    ],
    ['in href as script', `<a href="javascript:window.open('/1.html')">`, 'https://a.gov.cn/1.html'],
  ])('%s', (_, anchor, url) => {
    expect(first(`<ul><li>${anchor}${TITLE}</a></li></ul>`).url).toBe(url)
  })
  it('<base> counts', () => {
    expect(
      readList(`<html><head><base href="/b/"></head><body><a href="1.html">${TITLE}</a></body></html>`, ADDRESS)
        .links[0]!.url,
    ).toBe('https://a.gov.cn/b/1.html')
  })
  it.each(['javascript:void(0)', '#', 'mailto:a@b.cn', 'ftp://a.cn/1', 'http://[', ''])('%s is none', (href) => {
    expect(read(`<a href="${href}">${TITLE}</a>`).links).toEqual([])
  })
})

describe('the title', () => {
  it.each([
    ['cut in the text, whole in title=', `<a href="1" title="${TITLE}">关于市政协五届二次会…</a>`],
    ['with dots', `<a href="1" title="${TITLE}">关于市政协五届二次会...</a>`],
    ['only in title=', `<a href="1" title="${TITLE}"><img src="x.png"></a>`],
    ['with the date in the link', `<a href="1"><span>${TITLE}</span><span>2020-12-29</span></a>`],
    ['with a bullet', `<a href="1">• ${TITLE}</a>`],
    ['in pieces', `<a href="1"><b>关于市政协</b>五届二次会议第0102号提案的答复</a>`],
    ['beside a title= that says less', `<a href="1" title="答复">${TITLE}</a>`],
  ])('%s', (_, anchor) => {
    expect(first(`<ul><li>${anchor}</li></ul>`).title).toBe(TITLE)
  })
})

describe('the date', () => {
  const item = (date: string, href = '1.html') => `<ul><li><a href="${href}">${TITLE}</a>${date}</li></ul>`
  it.each([
    ['<span>2020-12-29</span>', '2020-12-29'],
    ['<span>[2020-12-29]</span>', '2020-12-29'],
    ['<p>2020/1/9</p>', '2020-01-09'],
    ['<font>2020年3月16日</font>', '2020-03-16'],
    ['<span>发布日期：2020-12-29 09:02</span>', '2020-12-29'],
    ['<span>20-01-05</span>', '2020-01-05'],
    ['<span>12-30</span>', null],
    ['<span>2020-13-29</span>', null],
    ['<div style="display:none"><p>您提出的提案收悉。</p><p>2021年4月21日</p></div>', '2021-04-21'],
  ])('%s', (date, expected) => {
    expect(first(item(date)).date).toBe(expected)
  })
  it('without a year: that of the address', () => {
    expect(first(item('<span>12-30</span>', '202112/t20211229_5068.html')).date).toBe('2021-12-30')
  })
  it('of the address where the list shows none', () => {
    expect(first(item('', '202112/t20211229_5068.html')).date).toBe('2021-12-29')
  })
  it('is not that of the neighbour', () => {
    const { links } = read(`<div><a href="1">${TITLE}</a><a href="2">甲</a><span>2020-12-29</span></div>`)
    expect(links.map(({ date }) => date)).toEqual([null, null])
  })
})

describe('which links are replies', () => {
  const links = (body: string) =>
    read(body)
      .links.filter(({ isReply }) => isReply)
      .map(({ title }) => title)
  it('a whole title anywhere, a cut one only in an item', () => {
    expect(
      links(`<div class="nav"><a href="1">政协提案办理</a><a href="2">人大建议</a></div><a href="3">${TITLE}</a>`),
    ).toEqual([TITLE])
    expect(links('<ul><li><a href="1">对市政协会议第0566号提…</a><span>2020-12-29</span></li></ul>')).toHaveLength(1)
    expect(links('<p><a href="1">对市政协会议第0566号提…</a><a href="2">x</a></p>')).toHaveLength(0)
  })
  it('an item of a portal whose lists are known, without a date', () => {
    expect(
      links('<div class="commonList-body"><ul><li><a href="1">对市政协会议第0566号提…</a></li></ul></div>'),
    ).toHaveLength(1)
  })
  it('notices and news are none', () => {
    expect(links('<ul><li><a href="1">关于公布办理单位的通知</a><span>2020-12-29</span></li></ul>')).toEqual([])
  })
})

describe('the next page', () => {
  const next = (body: string, address?: string) => read(body, address).next
  it.each<[string, string, string, string | null]>([
    [
      '下一页',
      '<a href="6346_2.html">下一页</a>',
      'https://a.gov.cn/channels/6346.html',
      'https://a.gov.cn/channels/6346_2.html',
    ],
    ['下页 with brackets', '<a href="b.html">[下页]</a>', ADDRESS, 'https://a.gov.cn/zwgk/bljggk/b.html'],
    ['a sign', '<a href="b.html">&gt;</a>', ADDRESS, 'https://a.gov.cn/zwgk/bljggk/b.html'],
    ['rel=next', '<a rel="next" href="b.html">x</a>', ADDRESS, 'https://a.gov.cn/zwgk/bljggk/b.html'],
    ['<link rel=next>', '<link rel="next" href="b.html">', ADDRESS, 'https://a.gov.cn/zwgk/bljggk/b.html'],
    [
      'the last page links to itself',
      '<a href="6346_3.html">下一页</a>',
      'https://a.gov.cn/channels/6346_3.html',
      null,
    ],
    [
      'the last page has it disabled',
      '<a>下一页</a><a href="6346_2.html">2</a>',
      'https://a.gov.cn/channels/6346_3.html',
      null,
    ],
    [
      'a script',
      '<script>createPageHTML(6, 0, "index", "html");</script>',
      ADDRESS,
      'https://a.gov.cn/zwgk/bljggk/index_1.html',
    ],
    [
      'a script on page 2',
      '<script>createPageHTML(6, 1, "index_10954", "shtml");</script>',
      'https://a.gov.cn/x/index_10954_1.shtml',
      'https://a.gov.cn/x/index_10954_2.shtml',
    ],
    [
      'a script on the last page',
      '<script>createPageHTML(6, 5, "index", "html");</script>',
      'https://a.gov.cn/x/index_5.html',
      null,
    ],
    ['a script with one page', '<script>createPageHTML(1, 0, "index", "html");</script>', ADDRESS, null],
    [
      'numbers only',
      '<a href="?page=1">1</a><a href="?page=2">2</a><a href="?page=3">3</a>',
      'https://a.gov.cn/l?page=2',
      'https://a.gov.cn/l?page=3',
    ],
    [
      'numbers of SiteServer',
      '<a href="6346.html">1</a><a href="6346_3.html">3</a>',
      'https://a.gov.cn/channels/6346_2.html',
      'https://a.gov.cn/channels/6346_3.html',
    ],
    ['nothing', '<a href="b.html">办理结果</a>', ADDRESS, null],
    ['a script alone', '<a href="javascript:next()">下一页</a>', ADDRESS, null],
  ])('%s', (_, body, address, expected) => {
    expect(next(body, address)).toBe(expected)
  })
})

it('<link rel=next> counts in the head', () => {
  const html = '<html><head><link rel="next" href="b.html"></head><body></body></html>'
  expect(readList(html, ADDRESS).next).toBe('https://a.gov.cn/zwgk/bljggk/b.html')
})

it('the cost of a hostile list grows with its size', () => {
  const cost = (count: number) => {
    const links = Array.from({ length: count }, (_, i) => `<a href="1">${i % 7}</a>`).join('')
    const same = '<a href=1><span>2020-01-01</span></a>'.repeat(count)
    const start = performance.now()
    read(`<div>${links}</div>${'<div>'.repeat(400)}${links}`)
    read(`<div>${same}</div>`)
    return performance.now() - start
  }
  cost(2000)
  expect(cost(32_000)).toBeLessThan(cost(4000) * 40)
})
