import { describe, expect, it } from 'vitest'
import { beginsWithSeries, findItems } from '../../src/letter/items.ts'
import { fold } from '../../src/text/fold.ts'

const itemsOf = (text: string) => findItems(text, fold(text)).map(({ marker, text: words }) => `${marker}|${words}`)

describe('findItems', () => {
  it.each([
    ['拟分三步：一是修订办法；二是制定清单；三是增设网点。', ['一是|修订办法', '二是|制定清单', '三是|增设网点']],
    ['一是建章立制。二是加强培训。', ['一是|建章立制', '二是|加强培训']],
    ['下一步，一要压实责任，二要打通链路。', ['一要|压实责任', '二要|打通链路']],
    ['抓了两件事：①测试设施；②更换软管。上述均已完成。', ['①|测试设施', '②|更换软管']],
    ['主要包括：（1）帐篷；(2)冲锋舟。', ['（1）|帐篷', '(2)|冲锋舟']],
    ['三条建议：1.整合力量；2.配齐装备；3．开展演练。我局采纳。', ['1.|整合力量', '2.|配齐装备', '3．|开展演练']],
    ['第一，进课堂。第二，进楼宇。', ['第一，|进课堂', '第二，|进楼宇']],
    [
      '一是建中心。由县级运营。二是管队伍。实行统一培训。待遇由财政补助。',
      ['一是|建中心。由县级运营', '二是|管队伍。实行统一培训。待遇由财政补助'],
    ],
    ['先做一是甲；二是乙。再做：一是丙；二是丁。', ['一是|丙', '二是|丁']],
    ['分两步：一是甲；二是乙。再分两步：一是丙；二是丁。', ['一是|甲', '二是|乙', '一是|丙', '二是|丁']],
    ['原因之一是编制偏紧，统一是基础。', []],
    ['只有一是甲。', []],
    ['投资1.5亿元，增长2.5%。', []],
  ])('%s', (text, items) => {
    expect(itemsOf(text)).toEqual(items)
  })
})

it.each([
  ['一是甲；二是乙。', true],
  ['一是甲。做法如下。', false],
  ['做法：一是甲；二是乙。', false],
  ['1.甲；2.乙。', true],
])('%s begins with a whole series: %s', (text, expected) => {
  expect(beginsWithSeries(fold(text))).toBe(expected)
})
