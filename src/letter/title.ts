import type { Reply } from '../record.ts'
import { CASE_NUMBER, UNIT_END } from '../text/cues.ts'
import { HAN, readNumber } from '../text/numerals.ts'
import { part, type Stretch } from '../text/stretch.ts'

type Assembly = Reply['assembly']

const SPLIT = /关于|对/g
const TRAILING_BRACKETS = / ?[(][^()]{1,20}[)]$/

/**
 * The body that replies, as the title names it before 对 or 关于; null when the title begins with either.
 *
 * `天津市滨海新区人民政府对市政协…` → 天津市滨海新区人民政府
 */
export function findReplyingBody(title: Stretch): Stretch | null {
  const bracketed = /^【([^】]{2,40})】/.exec(title.folded)
  if (bracketed) return part(title, 1, bracketed[0].length - 1)
  let first: Stretch | null = null
  for (const match of title.folded.matchAll(SPLIT)) {
    const before = part(title, 0, match.index)
    if (before.text.length > 60 || /[《“"，,。；;：:]/.test(before.folded)) break
    if (before.text.length < 2) return null
    first ??= before
    if (UNIT_END.test(before.folded.replace(TRAILING_BRACKETS, ''))) return before
  }
  return first !== null && /(?:提案|建议|议案)/.test(first.folded) ? null : first
}

const NUMERAL = `(?:\\d{1,2}|[${HAN}]{1,3})`
const TERM = new RegExp(`第? ?(${NUMERAL}) ?届`)
const SESSION = new RegExp(`第? ?(${NUMERAL}) ?次 ?(?:全体)? ?(?:会议)?`)
const ASSEMBLY_WORDS = /政协|政治协商|人大|人民代表大会/
/** Words after which the name of an assembly begins. */
const BEFORE_NAME = /对|关于|接到|[,。;:《“"( \n]|向(?!阳)|在/g

export const NO_ASSEMBLY: Assembly = { organ: null, name: null, term: null, session: null, raw: null }

/**
 * The assembly to which the proposal was handed in; null when no 届 is named.
 *
 * `政协十四届全国委员会第二次会议` → {cppcc, 政协全国委员会, 14, 2}
 */
export function findAssembly(words: Stretch): { assembly: Assembly; place: Stretch } | null {
  const { folded, text } = words
  for (let from = 0; ; ) {
    const term = TERM.exec(folded.slice(from))
    if (!term) return null
    const termAt = from + term.index
    const termEnd = termAt + term[0].length
    from = termEnd
    const session = SESSION.exec(folded.slice(termEnd, termEnd + 40))
    const sessionAt =
      session && /^[^，,。；;：:]*$/.test(folded.slice(termEnd, termEnd + session.index))
        ? termEnd + session.index
        : null
    const middleEnd =
      sessionAt ??
      termEnd + (/^(?:人民代表大会|人大|(?:全国)?委员会|政协)/.exec(folded.slice(termEnd))?.[0].length ?? 0)
    const start = nameStart(folded.slice(0, termAt))
    const raw = part(words, start, sessionAt === null ? middleEnd : sessionAt + session![0].length)
    const name = `${text.slice(start, termAt)}${text.slice(termEnd, middleEnd)}`.replace(/[\s\u3000]+/g, '')
    const foldedName = `${folded.slice(start, termAt)}${folded.slice(termEnd, middleEnd)}`
    if (!ASSEMBLY_WORDS.test(foldedName)) continue
    return {
      assembly: {
        organ: /政协|政治协商/.test(foldedName) ? 'cppcc' : 'npc',
        name,
        term: readNumber(term[1]!),
        session: sessionAt === null ? null : readNumber(session![1]!),
        raw: raw.text,
      },
      place: raw,
    }
  }
}

/** Where the name begins; 向 right behind 对 belongs to it (向阳区). */
function nameStart(before: string): number {
  let start = 0
  for (const match of before.matchAll(BEFORE_NAME))
    if (match[0] !== '向' || match.index > start) start = match.index + match[0].length
  return start
}

const AFTER_YEAR = /[〔[(【﹝] ?\d{4} ?[〕\])】﹞] ?$/

/** Case numbers as printed, without inner blanks: `第13、53号` → 13, 53; a number after a year's bracket is none. */
export function findCaseNumbers(words: Stretch): { numbers: string[]; places: Stretch[] } {
  const numbers: string[] = []
  const places: Stretch[] = []
  for (const match of words.folded.matchAll(new RegExp(CASE_NUMBER, 'g'))) {
    if (AFTER_YEAR.test(words.folded.slice(0, match.index))) continue
    for (const number of match[0].matchAll(/[A-Z]{0,4}\d{1,10}/g)) {
      const printed = part(words, match.index + number.index, match.index + number.index + number[0].length)
      if (numbers.includes(printed.text)) continue
      numbers.push(printed.text)
      places.push(printed)
    }
  }
  return { numbers, places }
}

const OPENERS = new Map([
  ['《', '》'],
  ['“', '”'],
  ['「', '」'],
  ['『', '』'],
])
const BEFORE_TOPIC =
  /(?:提出的?|提的|关于|提交(?:了|的)?|反映的|号(?:提案|建议)?|交办的|转来的|送来的|您的|你的|贵.{1,4}的|——|^|[(,:、]) ?$/
const AFTER_TOPIC = /^ ?(?:的? ?(?:建议|提案|议案|意见|报告)|收悉|[(,。、]|进展|我[局委办区市县]|已|第 ?[A-Z]?\d|等|$)/
const UNQUOTED = /关于[^。;]{2,120}?的(?:建议|提案|议案|意见(?!建议))/
const UNQUOTED_NOUN = /关于[^。;,]{2,80}?(?:建议|提案|议案)/

/**
 * The title of the proposal in an opening or a title: the quotes that enclose the whole topic, else from 关于 through
 * the first 的提案 or 的建议.
 *
 * `您提出的“关于…的建议”的提案，…` → 关于…的建议
 */
export function findProposalTitle(words: Stretch, isTitle: boolean): { title: Stretch; rule: string } | null {
  const quoted = findQuotedTopic(words)
  if (quoted) return { title: quoted, rule: 'proposal.quoted' }
  for (const pattern of isTitle ? [UNQUOTED] : [UNQUOTED, UNQUOTED_NOUN])
    for (let from = 0; from < words.folded.length; ) {
      const match = pattern.exec(words.folded.slice(from))
      if (!match) break
      const start = from + match.index
      const inner = match[0].slice(2)
      if (
        /届|第 ?\d+ ?号/.test(inner) ||
        (isTitle && /^(?:对|市|区|县|省)?(?:政协|人大)/.test(inner)) ||
        /^对/.test(inner)
      ) {
        from = start + 2
        continue
      }
      return { title: part(words, start, start + match[0].length), rule: 'proposal.plain' }
    }
  return null
}

function findQuotedTopic(words: Stretch): Stretch | null {
  const { folded } = words
  for (let i = 0; i < folded.length; i++) {
    const close = OPENERS.get(folded.charAt(i))
    if (close === undefined) continue
    const end = matchingClose(folded, i, close)
    if (end < 0) continue
    if (
      end - i > 4 &&
      BEFORE_TOPIC.test(folded.slice(Math.max(0, i - 12), i)) &&
      AFTER_TOPIC.test(folded.slice(end + 1))
    )
      return part(words, i + 1, end)
    i = end
  }
  const straight = /(?:提出的?|提的|关于) ?"([^"]{4,120})"(?= ?(?:的|收悉|[(,]|已|提案|建议))/.exec(folded)
  return straight
    ? part(words, straight.index + straight[0].indexOf('"') + 1, straight.index + straight[0].length - 1)
    : null
}

/** The close of a quotation that may hold others of its own shape; -1 when it is never closed. */
function matchingClose(folded: string, start: number, close: string): number {
  const open = folded.charAt(start)
  let depth = 0
  const limit = Math.min(folded.length, start + 400)
  for (let i = start; i < limit; i++) {
    if (folded.charAt(i) === open) depth++
    else if (folded.charAt(i) === close && --depth === 0) return i
  }
  return -1
}

/** What is replied to, by one text: 政协, then 人大 or 代表建议, then the noun 提案; null when it says none. */
export function findKind(folded: string): Reply['kind'] | null {
  if (/政协|政治协商/.test(folded)) return 'cppcc_proposal'
  if (/人大|人民代表大会|代表建议/.test(folded)) return 'npc_suggestion'
  return /提案/.test(folded) ? 'cppcc_proposal' : null
}

/** `协办意见`, `会办情况` → co_handling; `办理落实情况` in the title → follow_up. */
export function findForm(title: string, opening: string): Reply['form'] {
  if (/(?:协办|会办)(?:意见|情况)/.test(`${title}\n${opening}`)) return 'co_handling'
  return /办理落实情况/.test(title) ? 'follow_up' : 'reply'
}
