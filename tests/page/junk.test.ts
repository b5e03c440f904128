import { expect, it } from 'vitest'
import { findJunk, JUNK } from '../../src/page/junk.ts'
import { fold } from '../../src/text/fold.ts'
import { readCases } from '../cases.ts'

it.each(JUNK)('$rule: $example', (rule) => {
  expect(findJunk(fold(rule.example))).toBe(rule)
})

it.each([
  '【字体：大 中 小】',
  '字号：大中小',
  '浏览次数：318',
  '阅读量：1,305次',
  '打印 关闭',
  '[打印本页] [关闭窗口]',
  '责任编辑：某某',
  '分享到：',
  '上一篇：没有了',
  '主办单位：某某局',
  '津ICP备00000000号-1',
  '网站标识码：1200000052',
  '扫一扫在手机打开当前页',
])('%s is furniture', (line) => {
  expect(findJunk(fold(line))).not.toBeNull()
})

it.each([
  '关闭违规企业12家',
  '扫黑除恶专项斗争',
  '阅读次数增加到300次',
  '分享经验做法',
  '编辑部设在我局',
  '今日，我局召开会议',
  '推广二维码门牌',
  '保存完好的古建筑12处',
  '打印机更新',
  '声明',
  '浏览器兼容',
  'A',
  '是',
  '一、打印服务',
])('%s is text', (line) => {
  expect(findJunk(fold(line))).toBeNull()
})

it('the sign that a line must have to be looked at hides no furniture', () => {
  const lines = readCases().flatMap(({ source }) =>
    Buffer.from(source.bytes)
      .toString('utf8')
      .replace(/<[^>]*>/g, '\n')
      .split('\n'),
  )
  for (const line of lines) {
    const folded = fold(line.trim())
    const byRules = folded.length <= 600 ? (JUNK.find(({ test }) => test(folded)) ?? null) : null
    if (byRules) expect(findJunk(folded), line).toBe(byRules)
  }
})
