import { describe, expect, it } from 'vitest'
import { fold } from '../../src/text/fold.ts'

describe('fold', () => {
  it.each([
    ['（一）科学编制，', '(一)科学编制,'],
    ['１．５％', '1.5%'],
    ['關於對市政協委員會議的答覆', '关于对市政协委员会议的答复'],
    ['\u2f00、\u2f06、\u2f17', '一、二、十'],
    ['\uf9d1', '六'],
    ['a\u3000b\u00a0c\u2002d', 'a b c d'],
    ['①⑴⒈㈠Ⅲ℃№…', '①⑴⒈㈠Ⅲ℃№…'],
    ['“引号”、《书名》。', '“引号”、《书名》。'],
  ])('%s → %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('keeps the length of every text, so that offsets agree', () => {
    let all = ''
    for (let code = 0; code < 0x10000; code++) all += String.fromCharCode(code)
    expect(fold(all)).toHaveLength(all.length)
    expect(fold(`${'𬭎'.repeat(9000)}（`)).toBe(`${'𬭎'.repeat(9000)}(`)
  })
})
