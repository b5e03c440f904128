import { expect, it } from 'vitest'
import { isSalutation, readAddressees } from '../../src/letter/salutation.ts'
import { fold } from '../../src/text/fold.ts'

const addressees = (text: string) =>
  readAddressees({ text, folded: fold(text), at: 0 }).addressees.map(
    ({ name, kind }) => `${kind === 'person' ? '' : '@'}${name}`,
  )

it.each<[string, string[]]>([
  ['丁未然委员：', ['丁未然']],
  ['尊敬的丁未然代表：', ['丁未然']],
  ['丁未然委员您好：', ['丁未然']],
  ['丁未然、白晓川、陶知行等委员：', ['丁未然', '白晓川', '陶知行']],
  ['丁未然等3名代表：', ['丁未然']],
  ['丁 然、白晓川委员：', ['丁然', '白晓川']],
  ['丁未然 白晓川委员：', ['丁未然', '白晓川']],
  ['阿依古丽·买买提委员：', ['阿依古丽·买买提']],
  ['***委员：', []],
  ['各位代表：', []],
  ['中国国民党革命委员会天津市委员会：', ['@中国国民党革命委员会天津市委员会']],
  ['民建天津市委会：', ['@民建天津市委会']],
  ['共青团：', ['@共青团']],
  ['第十二讨论组：', ['@第十二讨论组']],
  ['市农业农村局、双龙湖街道：', ['@市农业农村局', '@双龙湖街道']],
  ['第三代表团，丁未然、白晓川等5位代表：', ['@第三代表团', '丁未然', '白晓川']],
  ['民革、丁未然委员：', ['@民革', '丁未然']],
])('%s', (line, expected) => {
  expect(isSalutation(fold(line))).toBe(true)
  expect(addressees(line)).toEqual(expected)
})

it.each([
  '类别：',
  '签发领导：',
  '您提出的建议收悉，现答复如下：',
  '具体情况如下：',
  '公开属性：',
  '主要做了以下工作：',
])('%s addresses nobody', (line) => {
  expect(isSalutation(fold(line))).toBe(false)
})
