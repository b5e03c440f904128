import type { Reply } from '../record.ts'
import { fold } from '../text/fold.ts'
import type { Stretch } from '../text/stretch.ts'

export type Contact = Reply['contacts'][number]

const spaced = (word: string) => [...word].join(' {0,4}')
const WHO = ['承办负责人', '联系单位', '联系人', '承办人', '经办人', '工作人员', '领导签发', '签发人']
  .map(spaced)
  .join('|')
const LABEL = new RegExp(
  `(?:(${WHO})( ?(?:及|和|、|与)? ?(?:联系)?(?:电 ?话|方式))?|((?:联 ?系|办公|咨询)?电 {0,4}话)) ?[::] ?`,
  'g',
)
const STARTS = new RegExp(
  `^[(【]? ?(?:(?:${WHO})(?: ?(?:及|和|、|与)? ?(?:联系)?(?:电 ?话|方式))?|(?:联 ?系|办公|咨询)?电 {0,4}话) ?:`,
)
const PHONE = /^\(?\d[\d() ~—-]{4,}\d(?: ?转 ?\d{1,6})?(?:[、/]\d[\d-]{4,})?/
const PHONE_ONLY = /^\(?\d[\d() —-]{5,18}\d(?: ?转 ?\d{1,6})?$/

/** Whether a folded line begins with the label of a contact, in brackets or not. */
export const isContact = (folded: string) => STARTS.test(folded)
/** Whether a folded line is a telephone number and nothing else. */
export const isPhone = (folded: string) => PHONE_ONLY.test(folded)

/**
 * Reads the contacts of a line; a telephone under a label of its own, or alone, belongs to the contact before it.
 *
 * `（联系人：某某；联系电话：022-00000000）` → {联系人, 某某, 022-00000000}
 */
export function readContacts(
  line: Stretch,
  before: Contact | null,
): { contacts: Contact[]; phoneOfBefore: string | null } {
  const contacts: Contact[] = []
  let phoneOfBefore: string | null = null
  const givePhone = (phone: string | null, label: string) => {
    if (phone === null) return
    const last = contacts.length - 1
    if (last >= 0 && contacts[last]!.phone === null) contacts[last] = { ...contacts[last]!, phone }
    else if (last < 0 && before !== null && before.phone === null && phoneOfBefore === null) phoneOfBefore = phone
    else contacts.push({ label, name: null, phone })
  }
  if (isPhone(line.folded)) {
    givePhone(line.text, '电话')
    return { contacts: contacts.map((contact) => ({ ...contact, label: null })), phoneOfBefore }
  }
  const labels = [...line.folded.matchAll(LABEL)]
  labels.forEach((match, i) => {
    const from = match.index + match[0].length
    const value = line.text.slice(from, labels[i + 1]?.index ?? line.text.length)
    const label = line.text.slice(match.index, match.index + match[0].length).replace(/[\s\u3000::：]+/g, '')
    if (match[3] !== undefined) return givePhone(phoneIn(value), label)
    const name = nameIn(value)
    contacts.push({ label, name, phone: phoneIn(value.slice(name === null ? 0 : value.indexOf(name) + name.length)) })
  })
  return { contacts, phoneOfBefore }
}

const NAME =
  /^[\s\u3000]*([^\d０-９，,；;。（）()\s\u3000][^，,；;。（）()\s\u3000]*?)(?=[\d０-９]{3}|[，,；;。（）()\s\u3000]|$)/u

function nameIn(value: string): string | null {
  const name = NAME.exec(value)?.[1]
  if (name === undefined) return null
  const padded = /^[\s\u3000]*(\p{Script=Han})[\s\u3000]+(\p{Script=Han})(?=[，,；;。（）()\s\u3000\d]|$)/u.exec(value)
  return padded ? `${padded[1]}${padded[2]}` : name
}

function phoneIn(value: string): string | null {
  const folded = fold(value)
  const at = folded.search(/[\d(]/)
  const match = at < 0 ? null : PHONE.exec(folded.slice(at))
  if (!match) return null
  const printed = value.slice(at, at + match[0].length)
  const blank = folded.slice(at, at + printed.length).indexOf(' ')
  const isSplit = /^\d{3,4} \d{7,8}$/.test(match[0])
  return (blank >= 0 && !isSplit ? printed.slice(0, blank) : printed).replace(/[)）]$/, (close) =>
    /[(（]/.test(printed) ? close : '',
  )
}
