import { describe, expect, it } from 'vitest'
import { MARKER_STYLES, readMarker } from '../../../src/letter/markers/index.ts'
import { fold } from '../../../src/text/fold.ts'

describe.each(MARKER_STYLES)('$name', (style) => {
  it.each(style.examples)('%s → %s', (line, number) => {
    expect(style.read(fold(line))?.number ?? null).toBe(number)
  })

  it('shares no example with another style', () => {
    for (const [line, number] of style.examples) {
      if (number === null) continue
      expect(MARKER_STYLES.filter((other) => other.read(fold(line)) !== null).map(({ name }) => name)).toEqual([
        style.name,
      ])
    }
  })
})

it.each([
  ['一、 强化', '一、 '],
  ['（一） 强化', '（一） '],
  ['1. 强化', '1. '],
  ['一 强化', '一 '],
  ['第四、第五：合并', '第四、第五：'],
])('the marker of %j is %j, a blank behind it included', (line, marker) => {
  expect(line.slice(0, readMarker(fold(line))?.length)).toBe(marker)
})

it.each([
  '2019年以来',
  '3.5%的企业',
  '5G网络',
  '一、二期工程',
  '三、四季度',
  '1、2号线',
  '第一季度',
  '第十八条规定',
  '(P3)实验室',
  '统一是',
  '（一）项所列',
])('%s begins with no marker', (line) => {
  expect(readMarker(fold(line))).toBeNull()
})
