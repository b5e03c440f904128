import { expect, it } from 'vitest'
import { isContact, readContacts } from '../../src/letter/contact.ts'
import { fold } from '../../src/text/fold.ts'

const contactsOf = (text: string) =>
  readContacts({ text, folded: fold(text), at: 0 }, null).contacts.map(({ label, name, phone }) => [label, name, phone])

it.each<[string, (string | null)[][]]>([
  ['联系人：白晓川　022-00001234', [['联系人', '白晓川', '022-00001234']]],
  ['（联系人：白晓川；联系电话：022-00001234）', [['联系人', '白晓川', '022-00001234']]],
  ['承办人及联系电话：白晓川 022-00001234', [['承办人及联系电话', '白晓川', '022-00001234']]],
  ['联系单位：青岚市住房局，联系电话：00001234', [['联系单位', '青岚市住房局', '00001234']]],
  ['签 发 人：卫承志', [['签发人', '卫承志', null]]],
  [
    '联系人：白晓川 联系人：陶知行',
    [
      ['联系人', '白晓川', null],
      ['联系人', '陶知行', null],
    ],
  ],
  ['工作人员：陶知行。', [['工作人员', '陶知行', null]]],
  ['联系人：张 三，电话：１２３４５６７８', [['联系人', '张三', '１２３４５６７８']]],
  ['联系电话：022-00001234', [['联系电话', null, '022-00001234']]],
])('%s', (line, contacts) => {
  expect(isContact(fold(line))).toBe(true)
  expect(contactsOf(line)).toEqual(contacts)
})

it('a telephone of its own belongs to the contact before it', () => {
  const before = { label: '联系人', name: '白晓川', phone: null }
  for (const line of ['联系电话：022-00001234', '022-00001234'])
    expect(readContacts({ text: line, folded: fold(line), at: 0 }, before)).toEqual({
      contacts: [],
      phoneOfBefore: '022-00001234',
    })
})
