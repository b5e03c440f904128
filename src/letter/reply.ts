import { type Diagnostic, diagnostic } from '../diagnostics.ts'
import type { Line } from '../line.ts'
import type { Reply } from '../record.ts'
import { FORMULA, RECEIVED, REPLY_TITLE } from '../text/cues.ts'
import { readLetterDate } from '../text/date.ts'
import { fold } from '../text/fold.ts'
import { part, type Stretch } from '../text/stretch.ts'
import { type Contact, readContacts } from './contact.ts'
import { ATTACHMENT, tailDate } from './ending.ts'
import { type HeaderFields, isClassLine, readHeaderFields } from './header.ts'
import { readMarker } from './markers/index.ts'
import { readAddressees, salutationOf } from './salutation.ts'
import {
  findAssembly,
  findCaseNumbers,
  findForm,
  findKind,
  findProposalTitle,
  findReplyingBody,
  NO_ASSEMBLY,
} from './title.ts'

/** The lines of a letter by their roles. */
export interface Parts {
  readonly header: readonly Line[]
  readonly salutation: Line | null
  readonly openings: readonly Line[]
  readonly signatures: readonly Line[]
  readonly dates: readonly Line[]
  readonly contacts: readonly Line[]
  readonly copies: readonly Line[]
  readonly attachments: readonly Line[]
  readonly notes: readonly Line[]
}

/** The words of the page that the fields of a reply go back to. */
export interface PageWords {
  readonly title: Stretch | null
  /** The text of the page, in which stretches have their places. */
  readonly text: string
  readonly publisher: string | null
  /** Resolves a link as written; null without a base. */
  readonly resolve: (href: string) => string | null
}

/** Where a field of the reply was read. */
export interface Place {
  readonly pointer: string
  readonly stretch: Stretch
  readonly rule: string
}

export interface ReplyReading {
  readonly reply: Reply
  readonly places: readonly Place[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads the fields of the reply from the parts of the letter, then from the page's title. */
export function readReply(parts: Parts, page: PageWords): ReplyReading {
  const places: Place[] = []
  const diagnostics: Diagnostic[] = []
  const note = (pointer: string, stretch: Stretch, rule: string) => {
    places.push({ pointer: `/reply/${pointer}`, stretch, rule })
  }
  const ownTitle = findOwnTitle(parts.header, page.text)
  const opening = parts.openings[0] ?? null
  const sources = [
    { words: page.title, rule: 'page_title' },
    { words: ownTitle, rule: 'own_title' },
    ...parts.openings.map((words) => ({ words, rule: 'opening' })),
  ].flatMap(({ words, rule }) => (words === null ? [] : [{ words: part(words, 0, LONGEST_WORDS), rule }]))
  const titles = sources.filter(({ rule }) => rule !== 'opening')

  let kind: Reply['kind'] = 'unknown'
  for (const { words } of sources) {
    const found = findKind(words.folded)
    if (found === null) continue
    kind = found
    break
  }

  let assembly = NO_ASSEMBLY
  for (const { words, rule } of sources) {
    const found = findAssembly(words)
    if (found === null) continue
    assembly = found.assembly
    for (const key of ['name', 'term', 'session', 'raw']) note(`assembly/${key}`, found.place, `assembly.${rule}`)
    break
  }

  let caseNumbers: string[] = []
  for (const { words, rule } of sources) {
    const found = findCaseNumbers(words)
    if (found.numbers.length === 0) continue
    caseNumbers = found.numbers
    found.places.forEach((place, i) => note(`case_numbers/${i}`, place, `case_number.${rule}`))
    break
  }
  const inLetter = sources
    .filter(({ rule }) => rule === 'opening')
    .flatMap(({ words }) => findCaseNumbers(words).numbers)
  if (
    inLetter.length > 0 &&
    caseNumbers.length > 0 &&
    !inLetter.some((number) => caseNumbers.some((one) => sameNumber(one, number)))
  )
    diagnostics.push(
      diagnostic(
        'letter.number_conflict',
        'The title and the letter name different numbers; the title is followed.',
        '/reply/case_numbers',
      ),
    )

  let proposalTitle: string | null = null
  for (const { words, rule } of [...sources.filter((source) => source.rule === 'opening'), ...titles]) {
    const found = findProposalTitle(words, rule !== 'opening')
    if (found === null) continue
    proposalTitle = found.title.text.replace(/\n/g, '')
    note('proposal_title', found.title, found.rule)
    break
  }

  const salutation = parts.salutation ?? (opening && salutationOf(opening))
  const addressed = salutation && readAddressees(salutation)
  if (addressed) {
    addressed.places.forEach((place, i) => note(`addressees/${i}/name`, place, 'addressee'))
    note('addressees_raw', addressed.raw, 'salutation')
  }

  const fields = readClassFields(parts)
  if (fields.documentNumber) note('document_number', fields.documentNumber, 'document_number')
  for (const key of ['disposition', 'disclosure'] as const)
    if (fields[key]) for (const pointer of [key, `${key}_raw`]) note(pointer, fields[key].raw, 'class_line')

  const signatories = parts.signatures.flatMap(readSignatories)
  signatories.forEach((place, i) => note(`signatories/${i}`, place, 'signature'))
  const date = readDate(parts)
  const dated = date && readLetterDate(date.folded)
  if (date) for (const pointer of ['dated', 'dated_raw']) note(pointer, date, 'date')
  if (date && dated === null)
    diagnostics.push(
      diagnostic(
        'letter.date_unreadable',
        "The letter's date can't be read as a day; nothing is guessed.",
        '/reply/dated',
      ),
    )

  const inTitle = titles.map(({ words }) => findReplyingBody(words)).find((found) => found !== null) ?? null
  const replyingBody = inTitle?.text ?? signatories[0]?.text ?? page.publisher
  if (inTitle) note('replying_body', inTitle, 'replying_body.title')
  else if (signatories[0]) note('replying_body', signatories[0], 'replying_body.signature')

  const contacts = readAllContacts(parts.contacts, note)
  const copies = parts.copies.flatMap(readCopies)
  copies.forEach((place, i) => note(`copy_to/${i}`, place, 'copy_to'))
  const attachments = parts.attachments.flatMap((line) => readAttachment(line, page.resolve))
  attachments.forEach(({ place }, i) => note(`attachments/${i}/name`, place, 'attachment'))

  const isReply =
    titles.some(({ words }) => REPLY_TITLE.test(words.folded)) ||
    parts.openings.some(({ folded }) => FORMULA.test(folded) || RECEIVED.test(folded)) ||
    caseNumbers.length > 0
  if (!isReply)
    diagnostics.push(
      diagnostic(
        'page.not_a_reply',
        'The page shows neither the title of a reply, nor its formula, nor a number.',
        '/reply/kind',
      ),
    )

  return {
    reply: {
      kind: isReply ? kind : 'unknown',
      form: isReply ? findForm(titles.map(({ words }) => words.folded).join('\n'), opening?.folded ?? '') : 'unknown',
      replying_body: replyingBody,
      replying_body_from: inTitle
        ? 'title'
        : signatories[0]
          ? 'signature'
          : page.publisher === null
            ? null
            : 'publisher',
      assembly,
      case_numbers: caseNumbers,
      proposal_title: proposalTitle,
      addressees: addressed?.addressees ?? [],
      addressees_raw: addressed?.raw.text ?? null,
      document_number: fields.documentNumber?.text ?? null,
      disposition: fields.disposition?.value ?? null,
      disposition_raw: fields.disposition?.raw.text ?? null,
      disclosure: fields.disclosure?.value ?? null,
      disclosure_raw: fields.disclosure?.raw.text ?? null,
      signatories: signatories.map(({ text }) => text),
      dated,
      dated_raw: date?.text ?? null,
      contacts,
      copy_to: copies.map(({ text }) => text),
      attachments: attachments.map(({ attachment }) => attachment),
    },
    places,
    diagnostics,
  }
}

const sameNumber = (one: string, other: string) => one.replace(/^0+/, '') === other.replace(/^0+/, '')

/** No title, and no opening as far as it names the proposal, is longer. */
const LONGEST_WORDS = 2000

const LABEL_LINE = /^[^:]{1,12}:|签发人/

/** No title is broken over more lines. */
const LONGEST_TITLE = 6

/** The title that the letter repeats above its salutation, broken over lines or not. */
function findOwnTitle(header: readonly Line[], text: string): Stretch | null {
  const isPiece = (line: Line) =>
    !isClassLine(line.folded) && !LABEL_LINE.test(line.folded) && !/[〔【[]\d{4}[〕】\]]/.test(line.folded)
  for (let i = 0; i < header.length; i++)
    for (let j = Math.min(header.length, i + LONGEST_TITLE) - 1; j >= i; j--) {
      const pieces = header.slice(i, j + 1)
      if (!pieces.every(isPiece)) continue
      const [first, last] = [pieces[0]!, pieces.at(-1)!]
      const words = text.slice(first.at, last.at + last.text.length)
      const stretch = { text: words, folded: fold(words), at: first.at }
      if (REPLY_TITLE.test(stretch.folded.replace(/\n/g, ' ')) || /政协|人大|第 *\d+ *号/.test(stretch.folded))
        return stretch
    }
  return null
}

function readClassFields(parts: Parts): HeaderFields {
  const above = readHeaderFields(parts.header)
  const below = readHeaderFields(parts.notes)
  return {
    documentNumber: above.documentNumber ?? below.documentNumber,
    disposition: above.disposition ?? below.disposition,
    disclosure: above.disclosure ?? below.disclosure,
  }
}

/** `甲局 乙局` on one line are two; a date behind the unit is none of it. */
function readSignatories(line: Line): Stretch[] {
  const tail = tailDate(line.folded)
  const units = part(line, 0, tail?.start)
  const names = [...units.folded.matchAll(/\S+(?: [(][^()]*[)])?/g)]
  // `民 政 局` is one, set wide.
  if (!names.every(([name]) => name.length > 1)) return [units]
  return names.map(({ 0: name, index }) => part(units, index, index + name.length))
}

function readDate(parts: Parts): Stretch | null {
  const [date] = parts.dates
  if (date) return date
  for (const line of parts.signatures) {
    const tail = tailDate(line.folded)
    if (tail) return part(line, tail.start)
  }
  return null
}

function readAllContacts(
  lines: readonly Line[],
  note: (pointer: string, stretch: Stretch, rule: string) => void,
): Contact[] {
  const contacts: Contact[] = []
  for (const line of lines) {
    const { contacts: found, phoneOfBefore } = readContacts(line, contacts.at(-1) ?? null)
    if (phoneOfBefore !== null) {
      contacts[contacts.length - 1] = { ...contacts.at(-1)!, phone: phoneOfBefore }
      note(`contacts/${contacts.length - 1}/phone`, line, 'contact')
    }
    for (const contact of found) {
      note(`contacts/${contacts.length}`, line, 'contact')
      contacts.push(contact)
    }
  }
  return contacts
}

const COPY_LABEL = /^抄 {0,4}(?:送|报|致) ?(?:单位|机关)? ?: ?/
/** The final 。 and the number of copies, in either order. */
const COPIES = /(?: ?(?:。|[(][^()]{0,6}\d{1,3}份[)])){1,4}$/

function readCopies(line: Line): Stretch[] {
  const from = COPY_LABEL.exec(line.folded)?.[0].length ?? 0
  return [...line.folded.slice(from).matchAll(/[^、,;]+/g)].flatMap((match) => {
    const piece = part(line, from + match.index, from + match.index + match[0].length)
    const bare = piece.folded.replace(COPIES, '')
    return bare === '' ? [] : [part(piece, 0, bare.length)]
  })
}

function readAttachment(
  line: Line,
  resolve: PageWords['resolve'],
): { attachment: Reply['attachments'][number]; place: Stretch }[] {
  const label = ATTACHMENT.exec(line.folded)?.[0].length ?? 0
  const rest = part(line, label)
  const marker = readMarker(rest.folded)
  const place = part(rest, marker?.style.name.startsWith('arabic') ? marker.length : 0)
  if (place.text === '') return []
  const href = line.links[0]?.href ?? null
  return [{ attachment: { name: place.text, href, url: href === null ? null : resolve(href) }, place }]
}
