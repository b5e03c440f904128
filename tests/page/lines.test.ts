import { describe, expect, it } from 'vitest'
import { readHead } from '../../src/page/dom.ts'
import { readLines, readTextLines } from '../../src/page/lines.ts'
import { parse } from '../../src/page/parse.ts'
import { countVisible } from '../../src/text/stretch.ts'

const read = (html: string) => readLines(readHead(parse(html)).body)
const linesOf = (html: string) => read(html).lines.map(({ text }) => text)

it.each<[string, string, string[]]>([
  ['paragraphs', '<p>甲</p><p>乙</p>', ['甲', '乙']],
  ['br', '甲<br>乙<br/>丙', ['甲', '乙', '丙']],
  [
    'inline elements join with nothing between',
    '<p>2022<span>年<b>9</b></span><font>月</font>3日</p>',
    ['2022年9月3日'],
  ],
  ['a line end in the source between ideographs is no blank', '<p>现答复\n    如下</p>', ['现答复如下']],
  ['a line end in the source between Latin words is one', '<p>a\n b</p>', ['a b']],
  ['blanks collapse', '<p>甲  \t 乙</p>', ['甲 乙']],
  ['a gap over element borders', '<p>甲 <b> 乙</b></p>', ['甲 乙']],
  ['edges are trimmed, wide and zero-width blanks too', '<p>　　&nbsp;\u200b甲\u3000</p>', ['甲']],
  ['inner wide blanks stay', '<p>答　　复</p>', ['答　　复']],
  ['empty paragraphs give no line', '<p><br/></p><p>&nbsp;</p><p>甲</p>', ['甲']],
  ['layout cells end lines', '<table><tr><td>类别：</td><td>A</td></tr></table>', ['类别：', 'A']],
  [
    'script, style, noscript, template, title',
    '<p>甲</p><script>x</script><style>y</style><noscript>z</noscript><template>w</template><title>t</title>',
    ['甲'],
  ],
  [
    'hidden elements',
    '<p hidden>甲</p><p style="display: none">乙</p><p style="visibility:hidden">丙</p><p style="color:red">丁</p>',
    ['丁'],
  ],
  [
    'options and buttons count',
    '<select><option>甲</option><option>乙</option></select><button>丙</button>',
    ['甲', '乙', '丙'],
  ],
  ['pre keeps its line ends', '<pre>甲\n乙</pre>', ['甲', '乙']],
  ['white-space: pre-wrap keeps its line ends', '<div style="white-space: pre-wrap">甲\n乙</div>', ['甲', '乙']],
  ['a span set as a block', '<span style="display:block">甲</span>乙', ['甲', '乙']],
  ['text behind </html>', '<html><body><p>甲</p></body></html>乙', ['甲', '乙']],
  [
    'a nested document',
    '<body><p>甲</p><html><head><title>t</title></head><body><p>乙</p></body></html><p>丙</p>',
    ['甲', '乙', '丙'],
  ],
  ['text outside of table cells is where browsers put it', '<table>甲<tr><td>乙</td></tr></table>', ['甲', '乙']],
])('%s', (_, html, lines) => {
  expect(linesOf(html)).toEqual(lines)
})

describe('data tables', () => {
  const table = (rows: string[][], cell = (text: string) => `<td>${text}</td>`) =>
    `<table>${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('')}</table>`

  it('a row is one line, its cells joined by TAB', () => {
    expect(
      linesOf(
        table(
          [
            ['年度', '长度'],
            ['2021', '3.5'],
          ],
          (text) => `<td><p>${text}</p></td>`,
        ),
      ),
    ).toEqual(['年度\t长度', '2021\t3.5'])
  })

  it.each<[string, string]>([
    ['one row', table([['年度', '长度']])],
    ['one column', table([['年度'], ['长度']])],
    [
      'labels of the letter',
      table([
        ['类别：', 'A'],
        ['公开属性：', '是'],
      ]),
    ],
    [
      'a long cell',
      table([
        ['年度', '长'.repeat(301)],
        ['2021', '3'],
      ]),
    ],
    ['a table inside', `<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>${table([['丁']])}</td></tr></table>`],
    [
      'a salutation',
      table([
        ['丁未然委员：', '乙'],
        ['丙', '丁'],
      ]),
    ],
  ])('not a data table: %s', (_, html) => {
    expect(linesOf(html).join('')).not.toContain('\t')
  })
})

it('emphasis, headings and links are marked by their ranges', () => {
  const [line, heading] = read(
    '<p>　<b>一、甲</b>乙<a href="a.pdf">丙</a><span style="font-family:楷体">丁</span></p><h2>戊</h2>',
  ).lines
  expect(line).toMatchObject({
    text: '一、甲乙丙丁',
    bold: [{ start: 0, end: 3 }],
    links: [{ start: 4, end: 5, href: 'a.pdf' }],
    headingFont: [{ start: 5, end: 6 }],
    heading: false,
  })
  expect(heading).toMatchObject({ heading: true })
})

it('a normal weight inside bold is plain', () => {
  expect(read('<b>甲<span style="font-weight: normal">乙</span></b>').lines[0]).toMatchObject({
    bold: [{ start: 0, end: 1 }],
  })
})

it('places and visible characters agree with the text', () => {
  const page = read('<p>　甲 乙</p><p>丙<b>丁</b></p><p hidden>戊</p>')
  for (const line of page.lines) expect(page.text.slice(line.at, line.at + line.text.length)).toBe(line.text)
  expect(page.visibleChars).toBe(countVisible(page.text))
  expect(page.hidden).toHaveLength(1)
})

it('a text rendering is read line by line, all of it visible', () => {
  const page = readTextLines('甲\n\n  • 乙\n\u00a0丙 丁\n')
  expect(page.lines.map(({ text }) => text)).toEqual(['甲', '• 乙', '丙 丁'])
  expect(page.visibleChars).toBe(5)
  const odd = readTextLines('甲\u0085乙')
  expect(odd.visibleChars).toBe(countVisible(odd.text))
})
