import { describe, expect, it } from 'vitest'
import { letterOf, pageOf, recordOf } from '../cases.ts'

/** The body blocks as one line a block: id, then the heading in brackets where there is one. */
function outlineOf(body: readonly string[]): string[] {
  return recordOf(pageOf(letterOf(body)))
    .blocks.filter(({ role }) => ['section', 'measure', 'paragraph', 'table'].includes(role))
    .map(
      ({ id, role, heading, heading_end }) => `${id} ${role}${heading === null ? '' : ` [${heading}]${heading_end}`}`,
    )
}

const codesOf = (body: readonly string[]) => recordOf(pageOf(letterOf(body))).diagnostics.map(({ code }) => code)

describe('depth goes by a stack', () => {
  it.each<[string, string[], string[]]>([
    [
      'official order',
      ['一、甲', '（一）乙', '1.丙', '（1）丁', '二、戊'],
      ['1 section [甲]', '1.1 section [乙]', '1.1.1 section [丙]', '1.1.1.1 measure [丁]', '2 measure [戊]'],
    ],
    ['（一） on top', ['（一）甲', '（二）乙'], ['1 measure [甲]', '2 measure [乙]']],
    ['a skipped level', ['一、甲', '1.乙', '二、丙'], ['1 section [甲]', '1.1 measure [乙]', '2 measure [丙]']],
    [
      'careless forms of one style',
      ['一、甲', '二，乙', '三.丙'],
      ['1 measure [甲]', '2 measure [乙]', '3 measure [丙]'],
    ],
    [
      '一是 under 一、',
      ['一、甲', '一是乙乙。丙。', '二是丁丁。戊。'],
      ['1 section [甲]', '1.1 measure [乙乙]。', '1.2 measure [丁丁]。'],
    ],
    [
      'continuations',
      ['一、甲', '补充说明。', '（一）乙', '又一段说明。'],
      ['1 section [甲]', '1.p1 paragraph', '1.1 measure [乙]', '1.1.p1 paragraph'],
    ],
    ['a paragraph before the first item', ['总的情况。', '一、甲'], ['p3 paragraph', '1 measure [甲]']],
  ])('%s', (_, body, outline) => {
    expect(outlineOf(body)).toEqual(outline)
  })

  it('the ids are positions, not printed numbers', () => {
    expect(outlineOf(['二、甲', '二、乙', '五、丙'])).toEqual(['1 measure [甲]', '2 measure [乙]', '3 measure [丙]'])
    expect(codesOf(['二、甲', '二、乙', '五、丙'])).toEqual([
      'outline.skipped_number',
      'outline.repeated_number',
      'outline.skipped_number',
    ])
  })

  it('a closing ends every open item', () => {
    const blocks = recordOf(pageOf(letterOf(['一、甲', '（一）乙']))).blocks
    expect(blocks.find(({ role }) => role === 'closing')).toMatchObject({ id: 'p3', parent: null, level: 0 })
  })
})

describe('heading', () => {
  it.each<[string, string]>([
    ['一、下一步工作打算', '1 measure [下一步工作打算]'],
    [`一、${'字'.repeat(40)}`, `1 measure [${'字'.repeat(40)}]`],
    [`一、${'字'.repeat(41)}`, '1 measure'],
    ['一、加强监管。发现一起查处一起。', '1 measure [加强监管]。'],
    [`一、${'字'.repeat(30)}。后文。`, `1 measure [${'字'.repeat(30)}]。`],
    [`一、${'字'.repeat(31)}。后文。`, '1 measure'],
    ['一、明确分工：各部门各负其责。', '1 measure [明确分工]：'],
    ['一、我局高度重视。把工作列入要点。', '1 measure'],
    ['一、目前进展顺利。后文。', '1 measure'],
    ['一、近年来成效明显。后文。', '1 measure'],
    ['一、2021年以来持续推进。后文。', '1 measure'],
    ['一、根据您的建议。后文。', '1 measure'],
    ['一、建成充电桩117处。后文。', '1 measure'],
    ['一、比例提高3.5%。后文。', '1 measure'],
    ['一、落实“12345”回访机制。后文。', '1 measure [落实“12345”回访机制]。'],
    ['一、推进5G网络建设。后文。', '1 measure [推进5G网络建设]。'],
    ['一、是否可行？答复是可行。后文。', '1 measure'],
    ['一、放映队伍建设有待加强。后文。', '1 measure [放映队伍建设有待加强]。'],
    ['<p><b>一、我局高度重视。</b>后文。</p>', '1 measure [我局高度重视]。'],
    ['<p><b>一、</b>我局高度重视。后文。</p>', '1 measure'],
    ['<p><b>一、我局高度</b>重视。后文。</p>', '1 measure'],
    [`<p><span style="font-family: 楷体">一、${'字'.repeat(45)}</span></p>`, `1 measure [${'字'.repeat(45)}]`],
    ['<p><strong>基本情况</strong></p>', 'p3 paragraph [基本情况]'],
    ['<h3>基本情况</h3>', 'p3 paragraph [基本情况]'],
    ['<p>基本情况</p>', 'p3 paragraph'],
    ['<p><strong>基本情况如下：</strong></p>', 'p3 paragraph'],
  ])('%s', (line, outline) => {
    expect(outlineOf([line, '另起一段，说明这一段文字与粗体无关，只为凑足篇幅。'])[0]).toBe(outline)
  })

  it('a letter set in bold throughout has no headings by emphasis', () => {
    expect(
      outlineOf(['<p><b>一、我局高度重视。后文很长。</b></p>', '<p><b>另起一段。</b></p>', '<p><b>再起一段</b></p>']),
    ).toEqual(['1 measure', '1.p1 paragraph', '1.p2 paragraph'])
  })
})

it('a line that holds a whole series is a paragraph with items', () => {
  const [block] = recordOf(pageOf(letterOf(['一是建章立制；二是加强培训。']))).blocks.filter(
    ({ items }) => items.length > 0,
  )
  expect(block).toMatchObject({ id: 'p3', role: 'paragraph', items: [{ marker: '一是' }, { marker: '二是' }] })
})
