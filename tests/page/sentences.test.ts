import { describe, expect, it } from 'vitest'
import { letterOf, pageOf, recordOf } from '../cases.ts'

const blocksOf = (body: readonly string[]) => recordOf(pageOf(letterOf(body))).blocks

describe('a sentence that speaks of what furniture speaks of stays in the letter', () => {
  it.each([
    '相关文件已印发实施。',
    '一、加强网站备案管理，完成备案120家。',
    '加强网站备案管理，完成备案120家。',
    '声明：本项目不涉及征地。',
    '（二）推行扫码阅读服务',
    '时间：2023年3月5日',
    '来源：财政拨款',
  ])('%s', (line) => {
    const record = recordOf(pageOf(letterOf(['一、甲。', line, '三、乙。'])))
    expect(JSON.stringify(record.blocks)).toContain(line.replace(/^(?:一、|（二）)/, '').slice(0, 5))
    expect(record.reply.dated).toBe('2023-06-01')
    expect(record.page).toMatchObject({ published_at: null, publisher: null })
    expect(record.removed).toEqual([])
  })
})

describe('the end of the letter', () => {
  it('is no day of the body', () => {
    const body = ['工作历程如下。', '2022年3月1日', '我局召开会议，研究部署工作。', '2022年5月1日']
    const lines = letterOf([...body, '我局印发方案，全面推进各项任务，把责任落到每一个单位和每一个人。'])
    const record = recordOf(pageOf(lines.slice(0, -3)))
    expect(record.reply.dated).toBeNull()
    expect(record.removed).toEqual([])
  })

  it('keeps attachments and notes above the thanks', () => {
    const record = recordOf(pageOf(letterOf(['一、甲。', '感谢您的支持。', '附件：1.改造名单', '（此件公开发布）'])))
    expect(record.reply.attachments).toHaveLength(1)
    expect(record.blocks.map(({ role }) => role)).toContain('note')
  })
})

describe('the opening', () => {
  it.each(['1.类别：A', '一、对政协提案的答复'])('stands below a numbered line: %s', (line) => {
    const record = recordOf(pageOf([line, ...letterOf(['一、甲。'])]))
    expect(record.blocks.map(({ role }) => role)).toEqual(
      expect.arrayContaining(['header', 'salutation', 'opening', 'closing']),
    )
    expect(record.diagnostics.map(({ code }) => code)).not.toContain('page.not_a_reply')
  })
})

describe('markers', () => {
  it('（一） before 条块 is no cross-reference', () => {
    expect(blocksOf(['（一）条块结合，形成合力。', '（二）乙。']).filter(({ marker }) => marker !== null)).toHaveLength(
      2,
    )
  })

  it('（一）项所列 is one', () => {
    expect(blocksOf(['（一）项所列内容已办结。']).every(({ marker }) => marker === null)).toBe(true)
  })
})

describe('lists', () => {
  const letter = (i: number) => letterOf([`第${i}件已办结。`]).join('</p><p>')
  const link = '<a href="1.html">关于对市政协十四届四次会议第0101号提案的答复</a>'

  it('a page with an excerpt beside the letter is no list', () => {
    const beside = `<ul><li>${link}<p>李某委员：</p><p>您提出的“关于治水的提案”收悉，现答复如下：我局…</p></li></ul>`
    expect(
      recordOf(pageOf(letterOf(['一、甲。'])).replace('</body>', `${beside}</body>`)).reply.addressees[0]?.name,
    ).toBe('丁未然')
  })

  it('letters in a row below links are a list', () => {
    const items = [1, 2, 3].map((i) => `<div class="item">${link}<p>${letter(i)}</p></div>`).join('')
    expect(() => recordOf(`<html><body>${items}</body></html>`)).toThrow(/list of replies/)
  })
})

it('the name of a column in the menu is no title', () => {
  const page = pageOf(letterOf(['一、甲。'])).replace(/<title>.*<\/title>/, '<title>提案办理</title>')
  expect(recordOf(page.replace('<body>', '<body><a href="/">提案办理</a>')).page.title).toBe(
    '对市政协十四届四次会议第0101号提案的答复',
  )
})

it('a page may begin with a long comment, or have none of the usual tags', () => {
  const letter = letterOf(['一、甲。'])
  for (const page of [
    `<!--${'x'.repeat(5000)}-->${pageOf(letter)}`,
    `<article><h1>答复</h1>${letter.map((line) => `<section>${line}</section>`).join('')}</article>`,
  ])
    expect(recordOf(page).reply.addressees[0]?.name).toBe('丁未然')
})

describe('dates of the page', () => {
  const page = (meta: string, printed = '') =>
    recordOf(
      pageOf(letterOf(['一、甲。']))
        .replace('<head>', `<head><meta name="PubDate" content="${meta}">`)
        .replace('</h1>', `</h1><p>${printed}</p>`),
    )

  it('no such day is unreadable, not unset', () => {
    expect(page('2021-02-30').diagnostics.map(({ code }) => code)).toEqual(['page.date_unreadable'])
    expect(page('1754/1/1').diagnostics.map(({ code }) => code)).toEqual(['page.date_unset'])
  })

  it('the raw words are those of the date that won', () => {
    const { published_at, published_at_raw } = page('2021-05-04 10:00', '发布日期：1754/1/1').page
    expect({ published_at, published_at_raw }).toEqual({
      published_at: '2021-05-04T10:00:00+08:00',
      published_at_raw: '2021-05-04 10:00',
    })
  })
})

it('a signature that is set wide is one name', () => {
  const lines = letterOf(['一、甲。']).map((line) => (line === '青岚市住房局' ? '民 政 局' : line))
  expect(recordOf(pageOf(lines)).reply.signatories).toEqual(['民 政 局'])
})
