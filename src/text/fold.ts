/** Traditional characters of the words that the rules look for, each before its simplified twin. */
const TRADITIONAL =
  '員员會会對对關关於于屆届議议號号復复覆复辦办結结類类別别聯联繫系係系電电話话單单請请謝谢誠诚懇恳歡欢迎迎' +
  '現现協协審审簽签發发領领導导開开屬属報报見见經经據据針针對对門门務务區区縣县鎮镇鄉乡廳厅組组團团總总黨党' +
  '國国們们處处隊队設设業业產产農农醫医衛卫資资規规劃划質质環环監监項项條条時时間间來来衆众眾众實实際际' +
  '後后繼继續续貴贵您您專专達达為为爲为這这與与從从將将應应該该過过長长點点種种個个學学億亿萬万輛辆戶户畝亩頃顷' +
  '軍军書书記记號号碼码傳传鏈链網网圖图題题標标頁页閱阅瀏浏覽览數数來来責责編编輯辑條条錄录級级'

/** For every UTF-16 code unit how far its plain form lies above it, modulo 2¹⁶; 0 for nearly all of them. */
const shifts = new Uint16Array(0x10000)
const foldTo = (code: number, plain: number) => {
  shifts[code] = plain - code
}
for (let code = 0xff01; code <= 0xff5e; code++) foldTo(code, code - 0xfee0)
for (const blank of [
  0x00a0, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x202f, 0x205f, 0x3000,
])
  foldTo(blank, 0x20)
for (const [from, to] of [
  [0x2e80, 0x2fdf],
  [0xf900, 0xfaff],
] as const)
  for (let code = from; code <= to; code++) {
    const plain = String.fromCharCode(code).normalize('NFKC')
    if (plain.length === 1) foldTo(code, plain.charCodeAt(0))
  }
for (let i = 0; i < TRADITIONAL.length; i += 2) foldTo(TRADITIONAL.charCodeAt(i), TRADITIONAL.charCodeAt(i + 1))

const CHUNK = 8192
const buffer = new Uint16Array(CHUNK)

/**
 * The copy for matching: same length, so that offsets agree. Full-width forms, blanks, Kangxi radicals, compatibility
 * ideographs and the traditional characters of the rules' words are folded; values are never taken from it.
 *
 * `關於（一）` → `关于(一)`
 */
export function fold(text: string): string {
  let folded = ''
  for (let start = 0; start < text.length; start += CHUNK) {
    const length = Math.min(CHUNK, text.length - start)
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(start + i)
      buffer[i] = code + shifts[code]!
    }
    folded += String.fromCharCode.apply(null, buffer.subarray(0, length) as unknown as number[])
  }
  return folded
}
