import type { Reply } from '../record.ts'
import { SALUTATION_END } from '../text/cues.ts'
import { part, type Stretch } from '../text/stretch.ts'

export type Addressee = Reply['addressees'][number]

const ORGANIZATION_END =
  /(?:党|盟|社|会|委|局|团|组|界|办|府|厅|部|处|院|站|所|镇|乡|街道|街|公司|中心|支部|总支|支委|联组|小组|党派|政协|人大|共青团|民革|民建|民进|工商联|妇联|侨联|文联|科协|台联|残联|社联|台盟)$/
/** A line without 委员 or 代表 that ends in a colon and names a body: `民建天津市委会：`, `双龙湖街道：`, `共青团：`. */
const ORGANIZATION_LINE = /^(?:尊敬的)?[^。;!?:]{2,90} ?:$/
const NAME = /^[\p{Script=Han}·•*]{2,12}$/u

/** A salutation whose colon a text rendering lost: `某某委员`. */
function isWithoutColon(folded: string): boolean {
  const end = /(?:委员|代表)(?:您好|你好)?$/.exec(folded)
  if (end === null) return false
  const names = folded
    .slice(0, end.index)
    .replace(/^尊敬的/, '')
    .replace(/等 ?[\d一二三四五六七八九十两]{0,3} ?[位名]?$/, '')
    .split(/[、, ]+|委员|代表/)
    .filter((name) => name !== '')
  return names.length > 0 && names.length <= 20 && names.every((name) => NAME.test(name))
}

/** Whatever stands with a colon right above the opening addresses somebody, unless it leads in to something. */
const COLON_LINE = /^(?!.*(?:如下|以下|情况|工作|包括|方面|措施|问题|建议|提案) ?:$)[^。;:,]{2,40} ?:$/
const GREETING = /^(?:您|你|您们|你们|大家)?好[!,。]?$/
const LABEL_LINE =
  /^(?:类 *别|办理|办复|签发|签 *发|公开|是否|文号|编号|主办|会办|协办|承办|联系|抄送|附件|索引|主题|标题|来源|发布|时间|日期)/

/** Whether a folded line above the body addresses somebody by its form. */
export function isSalutation(folded: string): boolean {
  if (folded.length > 200 || LABEL_LINE.test(folded)) return false
  if (SALUTATION_END.test(folded)) return !/[。;]/.test(folded)
  const names = ORGANIZATION_LINE.test(folded) ? folded.replace(/ ?:$/, '').replace(/^尊敬的/, '') : null
  return names?.split(/[、,]/).every((name) => ORGANIZATION_END.test(name.trim())) ?? false
}

/** Whether a folded line right above the opening is a salutation by its place: its colon lost, or its body unknown. */
export const isSalutationByPlace = (folded: string) =>
  folded.length <= 120 && !LABEL_LINE.test(folded) && (isWithoutColon(folded) || COLON_LINE.test(folded))
export const isGreeting = (folded: string) => GREETING.test(folded)

const ADDRESS_IN_LINE = /^(?:尊敬的)?[^。;:]{2,120}?(?:委员|代表)(?:们|同志)?(?:您好|你好)? ?[:!]/

/** The salutation that an opening line begins with: `某某委员：您提出的…`; null when it begins with none. */
export function salutationOf(line: Stretch): Stretch | null {
  const match = ADDRESS_IN_LINE.exec(line.folded)
  return match ? part(line, 0, match[0].length) : null
}

const COURTESY = /^尊敬的 ?/
const ENDING = /(?:,? ?(?:您|你|您们|你们)好)? ?[:!,]? ?$/
const AND_OTHERS = /等 ?(?:[\d一二三四五六七八九十百两]{1,4} ?)?(?:位|名)? ?(?=(?:政协|人大)?(?:委员|代表)|$)/
const ROLE = /(?:政协|人大|市|区|县)?(?:委员|代表)(?:们|同志)?$/
const KNOWN_SHORT = /^(?:民革|民盟|民建|民进|农工党|致公党|台盟|共青团|工商联|妇联)$/

/**
 * Whom a salutation names: persons before 委员 and 代表, else organizations.
 *
 * `第三代表团，谢某、阿依努尔·某等5位代表：` → one organization, two persons
 */
export function readAddressees(salutation: Stretch): { addressees: Addressee[]; places: Stretch[]; raw: Stretch } {
  const raw = part(salutation, 0, salutation.folded.replace(/ ?[:]$/, '').length)
  let { folded } = raw
  const from = COURTESY.exec(folded)?.[0].length ?? 0
  folded = folded.replace(ENDING, '')
  const isPersons = /(?:委员|代表)(?:们|同志)?$/.test(folded)
  const addressees: Addressee[] = []
  const places: Stretch[] = []
  for (const match of folded.slice(from).matchAll(/[^、,;]+/g)) {
    const start = from + match.index
    for (const piece of splitAtBlanks(part(raw, start, start + match[0].length))) {
      const others = AND_OTHERS.exec(piece.folded)
      const named = others ? part(piece, 0, others.index) : piece
      const isOrganization =
        !isPersons ||
        KNOWN_SHORT.test(named.folded) ||
        (named.text.length > 4 && ORGANIZATION_END.test(named.folded) && !ROLE.test(named.folded)) ||
        /^第.{1,4}(?:组|团)$/.test(named.folded)
      const bare = isOrganization ? named : part(named, 0, named.folded.replace(ROLE, '').length)
      const withoutCourtesy = part(bare, COURTESY.exec(bare.folded)?.[0].length ?? 0)
      const name = isOrganization ? withoutCourtesy.text : withoutCourtesy.text.replace(/[\s\u3000]+/g, '')
      if (name === '' || /^[*×xX某]+$/.test(name) || /^(?:各位|全体|诸位)/.test(name)) continue
      addressees.push({ name, kind: isOrganization ? 'organization' : 'person' })
      places.push(withoutCourtesy)
    }
  }
  return { addressees, places, raw }
}

/** `张 三 李四` are names apart by blanks only where both sides have two characters or more. */
function splitAtBlanks(piece: Stretch): Stretch[] {
  const words = [...piece.folded.matchAll(/\S+/g)]
  const role = (word: string) => word.replace(ROLE, '').length
  if (words.length < 2 || !words.every(([word]) => role(word) >= 2)) return [piece]
  return words.map((match) => part(piece, match.index, match.index + match[0].length))
}
