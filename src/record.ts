import { type Static, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import {
  ARCHIVE_KINDS,
  DECIDERS,
  FORMS,
  KINDS,
  REMOVED_KINDS,
  ROLES,
  SCHEMA,
  SEVERITIES,
  URL_SOURCES,
} from './terms.ts'

const text = (description: string) => Type.String({ description })
const textOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const countOrNull = (description: string) => Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description })
const oneOf = <T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description })
const oneOfOrNull = <T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number] | null>({ type: ['string', 'null'], enum: [...values, null], description })
const object = <T extends TProperties>(properties: T, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) })
const list = <T extends TSchema>(items: T, description: string) => Type.Array(items, { description })
const patternOrNull = (pattern: string, description: string) =>
  Type.Union([Type.String({ pattern }), Type.Null()], { description })

const DATE = '^\\d{4}-\\d{2}-\\d{2}$'
const DATE_TIME = '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}\\+08:00)?$'

const item = object({
  marker: text('The marker as printed: 一是'),
  number: count('Its ordinal'),
  text: text('What the member says, without the separator that ends it'),
})

const block = object({
  id: text('Position among numbered siblings, joined by dots; p1 … for unnumbered blocks: 1.2, 1.2.p1'),
  parent: textOrNull('The id of the block this one stands under; null at the root'),
  level: count('Depth: 0 for unnumbered root blocks, 1 for the first numbered level'),
  role: oneOf(ROLES, 'What the line is in the letter; a section is a numbered block with numbered blocks under it'),
  marker: textOrNull('The numbering as printed, a blank after it included; null when unnumbered'),
  number: countOrNull('The ordinal of the marker'),
  heading: textOrNull('The heading words, without what closes them'),
  heading_end: textOrNull('What closed a run-in heading; "" when the line is all heading; null without heading'),
  text: textOrNull('The rest of the line; null when there is none'),
  items: list(item, 'The enumeration inside this text; the text itself stays whole'),
})

const span = object({
  pointer: text('RFC 6901 pointer of the value in this record'),
  start: countOrNull('Code point offset in evidence.text; null when the value comes from head, address or archive'),
  end: countOrNull('Code point offset behind the value'),
  rule: text('The rule that found it'),
  raw: textOrNull('The source words where the value does not stand in evidence.text'),
})

const evidence = object(
  {
    text: text('The visible text of the page, a line a line'),
    meta: list(object({ name: text('Name as written'), content: text('Content') }), 'The meta elements of the head'),
    spans: list(span, 'Where each value stands'),
    removed: list(
      object({
        kind: oneOf(REMOVED_KINDS, 'Why it is no part of the letter'),
        text: text('The removed text'),
        start: countOrNull('Code point offset in evidence.text; null when not visible'),
        end: countOrNull('Code point offset behind it'),
        rule: text('The rule that named it'),
      }),
      'Every removed stretch',
    ),
  },
  'Only with --evidence: the proof of every value',
)

const RecordSchema = Type.Object(
  {
    schema: Type.Literal(SCHEMA),
    id: Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description: 'Hash of the page before charset decoding' }),
    page: object({
      title: textOrNull('ArticleTitle, else the heading of the article, else <title> without the site'),
      published_at: patternOrNull(DATE_TIME, 'When the page was published, +08:00 when a time is printed'),
      published_at_raw: textOrNull('The same as printed'),
      publisher: textOrNull('来源'),
      site_name: textOrNull('meta SiteName'),
      site_id: textOrNull('meta SiteIDCode'),
      column_name: textOrNull('meta ColumnName'),
    }),
    reply: object({
      kind: oneOf(KINDS, 'What is replied to'),
      form: oneOf(FORMS, 'What kind of reply it is'),
      replying_body: textOrNull('The body that replies'),
      replying_body_from: oneOfOrNull(['title', 'signature', 'publisher'] as const, 'Where replying_body was read'),
      assembly: object({
        organ: oneOfOrNull(['cppcc', 'npc'] as const, 'Which assembly'),
        name: textOrNull('Printed words without term and session'),
        term: countOrNull('届'),
        session: countOrNull('次'),
        raw: textOrNull('The words as printed'),
      }),
      case_numbers: list(Type.String(), 'Numbers of the proposal or suggestion, leading zeros kept'),
      proposal_title: textOrNull('Title of the proposal or suggestion'),
      addressees: list(
        object({
          name: text('Name as printed'),
          kind: oneOf(['person', 'organization'] as const, 'Person or organization'),
        }),
        'Whom the letter addresses by name',
      ),
      addressees_raw: textOrNull('The salutation as printed'),
      document_number: textOrNull('发文字号'),
      disposition: textOrNull('办理结果 or 类别 as printed, without brackets and 类'),
      disposition_raw: textOrNull('The same as printed'),
      disclosure: textOrNull('公开属性 as printed'),
      disclosure_raw: textOrNull('The same as printed'),
      signatories: list(Type.String(), 'The signing units'),
      dated: patternOrNull(DATE, "The letter's own date"),
      dated_raw: textOrNull('The same as printed'),
      contacts: list(
        object({
          label: textOrNull('联系人, 承办人 …, as printed'),
          name: textOrNull('Name'),
          phone: textOrNull('Telephone'),
        }),
        'Contacts of the end matter',
      ),
      copy_to: list(Type.String(), '抄送'),
      attachments: list(
        object({ name: text('Name'), href: textOrNull('Link as written'), url: textOrNull('Link resolved') }),
        '附件',
      ),
    }),
    blocks: list(block, 'The letter in document order; this list is the table researchers load'),
    catalog: object({
      index_number: textOrNull('索引号'),
      issuing_body: textOrNull('发布机构, 发文机关'),
      document_number: textOrNull('文号'),
      subject: textOrNull('主题'),
      dated: textOrNull('成文日期 as printed'),
      published: textOrNull('发文日期, 发布日期 as printed'),
      validity: textOrNull('有效性'),
      genre: textOrNull('体裁'),
      other: list(object({ label: text('Label'), value: textOrNull('Value') }), 'Every other row'),
    }),
    source: object({
      uri: text("The input as named, '/' separators; archive members: outer!inner"),
      url: textOrNull('The address of the page'),
      url_from: oneOfOrNull(URL_SOURCES, 'Where url was read'),
      retrieved_at: textOrNull('When the page was fetched, from the fetch or the archive'),
      media_type: oneOf(['text/html', 'text/plain'] as const, 'Decided by content'),
      bytes: count('Size of the page in bytes'),
      encoding: object({
        used: text('The encoding that was used'),
        decided_by: oneOf(DECIDERS, 'What decided'),
        declared: textOrNull('The label that header or meta declares'),
        replacement_chars: count('U+FFFD in the decoded text'),
      }),
      archive: object({
        kind: oneOfOrNull(ARCHIVE_KINDS, 'Archive format'),
        offset: countOrNull('Byte offset of the member'),
        length: countOrNull('Bytes of the member in the archive'),
        record_id: textOrNull('WARC-Record-ID'),
      }),
      profile: text('Which portal rules applied'),
    }),
    removed: list(
      object({
        kind: oneOf(REMOVED_KINDS, 'What it is'),
        count: count('How many stretches'),
        chars: count('Visible code points'),
      }),
      'What is no part of letter or fields',
    ),
    diagnostics: list(
      object({
        code: text('area.name, stable'),
        severity: oneOf(SEVERITIES, 'error, warning or info'),
        message: text('One English sentence'),
        pointer: textOrNull('RFC 6901 pointer of the value concerned'),
      }),
      'What surprised us',
    ),
    coverage: object({
      visible_chars: count('Visible code points of the page, white space not counted'),
      block_chars: count('In blocks'),
      field_chars: count('In fields, with their labels'),
      removed_chars: count('In removed'),
      unaccounted_chars: count('In none: always 0'),
    }),
    redactions: list(Type.String(), 'Names of what was masked'),
    generator: object({ name: Type.Literal('dafu'), version: text('Version') }),
    evidence: Type.Optional(evidence),
  },
  { additionalProperties: false },
)

/** One reply page, as published. */
export type ReplyRecord = Static<typeof RecordSchema>
export type Block = Static<typeof block>
export type Item = Static<typeof item>
export type Span = Static<typeof span>
export type Evidence = Static<typeof evidence>
export type Reply = ReplyRecord['reply']
export type Catalog = ReplyRecord['catalog']
export type Role = (typeof ROLES)[number]
export type RemovedKind = (typeof REMOVED_KINDS)[number]
export type Severity = (typeof SEVERITIES)[number]
export type UrlSource = (typeof URL_SOURCES)[number]

/** The JSON Schema (2020-12) of a record. */
export function recordSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:dafu:schema:1',
    title: 'dafu record',
    ...JSON.parse(JSON.stringify(RecordSchema)),
  }
}
