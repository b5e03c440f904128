import { type Diagnostic, diagnostic } from '../diagnostics.ts'

/** Signs of text that was decoded wrongly before it was saved; a page of Chinese has none of them by chance. */
const MOJIBAKE: readonly { readonly sign: string; readonly pattern: RegExp; readonly least: number }[] = [
  { sign: 'U+FFFD saved as GBK (锟斤拷)', pattern: /锟斤拷/g, least: 1 },
  { sign: 'UTF-8 read as GBK', pattern: /[锛銆鐨鏄涓浠鍦鍜屾湁鏉鎻愬鏅澶╂触]{2}|[鐨勬槸涓嶄簡]{3}/g, least: 5 },
  { sign: 'UTF-8 read as Latin-1', pattern: /[ã-é][\u0080-\u00bf\u0152-\u2122]{2}/g, least: 5 },
  { sign: 'GBK read as Latin-1', pattern: /[°-÷][\u00a1-\u00fe][°-÷][\u00a1-\u00fe][°-÷][\u00a1-\u00fe]/g, least: 5 },
]
const PINYIN = /[\u4e00-\u9fff][(（][a-zü-ǜāáǎàēéěèīíǐìōóǒòūúǔù]{1,6}[)）]/g
/** Pinyin behind characters may be a gloss once or twice. */
const FEWEST_PINYIN = 3

/** Without one of these characters there is none of this damage. */
const SIGN = /[锟锛銆鐨鏄\u00a1-\u00ff]|[（(][a-zü-ǜāáǎàēéěèīíǐìōóǒòūúǔù]{1,6}[)）]/

/** Names the damage that a text shows; it is never mended. */
export function findDamage(text: string): Diagnostic[] {
  if (!SIGN.test(text)) return []
  const diagnostics: Diagnostic[] = []
  for (const { sign, pattern, least } of MOJIBAKE) {
    const count = text.match(pattern)?.length ?? 0
    if (count < least) continue
    diagnostics.push(
      diagnostic('text.mojibake', `The text was decoded wrongly before it was saved: ${sign}, ${count} times.`),
    )
    break
  }
  const pinyin = text.match(PINYIN)?.length ?? 0
  if (pinyin >= FEWEST_PINYIN)
    diagnostics.push(
      diagnostic('text.pinyin', `Pinyin is injected behind ${pinyin} characters, as damaged copies have it.`),
    )
  return diagnostics
}
