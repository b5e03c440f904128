/** What closings begin with; an example each that a test runs. */
export const CLOSINGS: readonly { readonly pattern: RegExp; readonly example: string }[] = [
  {
    pattern: /^(?:再次|再一次)?(?:衷心|诚挚|非常|真诚|由衷|十分|诚恳)?(?:地)?(?:感谢|致谢|谢谢)/,
    example: '衷心感谢您对我们工作的支持。',
  },
  { pattern: /^最后,/, example: '最后，再次感谢您的关心。' },
  { pattern: /^(?:特此|专此|谨此|此)(?:答复|函复|函告|回复|报告|函达|复函|复)/, example: '特此函复。' },
  { pattern: /^专此/, example: '专此函复。' },
  { pattern: /^(?:对)?以上(?:答复|意见|回复|函复|办理|答覆|是|内容)/, example: '以上答复，请予审阅。' },
  { pattern: /^希望(?:.{0,40})(?:继续|一如既往|多提|提出|关注|支持)/, example: '希望您今后继续提出宝贵意见。' },
  { pattern: /^(?:也)?恳请/, example: '恳请您继续监督指导。' },
  { pattern: /^期待/, example: '期待您继续关心我区的发展。' },
  {
    pattern: /^(?:真诚|热忱|也)?欢迎(?:.{0,60})(?:联系|提出|监督|批评|建议|指导|来电|来函|关注)/,
    example: '欢迎您随时与我们联系。',
  },
  {
    pattern:
      /^(?:如|若)(?:您|贵.{0,4})?(?:对.{0,30}|还?有.{0,12}|.{0,12})(?:不?同?意见|异议|疑问|不满意|不明|建议|问题)/,
    example: '如对以上答复有意见，请与我局联系。',
  },
  { pattern: /^请.{0,20}与我.{0,12}联系/, example: '请与我局办公室联系。' },
  { pattern: /^此致/, example: '此致' },
  { pattern: /^(?:顺致|致以)?(?:崇高的?)?敬礼/, example: '敬礼' },
]

const starts = (folded: string) => CLOSINGS.some(({ pattern }) => pattern.test(folded))
/** A lead-in that ends in a comma: `今后工作中，欢迎您…联系`. */
const LEAD_IN = /^[^,。;:]{1,20},/

/** Whether a folded line begins as a closing, a short lead-in aside. */
export function isClosing(folded: string): boolean {
  if (starts(folded)) return true
  const lead = LEAD_IN.exec(folded)
  return lead !== null && starts(folded.slice(lead[0].length))
}

const SENTENCE_END = /[。!;](?=.)/g

/** Whether the last sentence of a folded line is a closing: `下一步，我局将…。感谢对…的支持。` */
export function endsInClosing(folded: string): boolean {
  const last = [...folded.matchAll(SENTENCE_END)].at(-1)
  return last !== undefined && isClosing(folded.slice(last.index + 1).trimStart())
}
