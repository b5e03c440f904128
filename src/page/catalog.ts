import type { Catalog } from '../record.ts'
import type { Allotments } from './allotment.ts'
import { type Element, parentElement } from './dom.ts'
import { readInfo } from './info.ts'
import type { PageLine } from './lines.ts'

type Key = Exclude<keyof Catalog, 'other'>

/** Labels of the catalogue (政府信息公开目录系统实施指引), compared without blanks and colon. */
const LABELS = new Map<string, Key | 'other'>([
  ...labels('index_number', '索引号 索引码 信息索引号 信息索引 索引编号'),
  ...labels('issuing_body', '发布机构 发文机关 制发机关 发文机构 公开机构 发文单位 发布单位 公开责任部门'),
  ...labels('document_number', '文号 发文字号 文件编号 发文文号 公文文号'),
  ...labels('subject', '主题 主题分类 信息分类 主题类别'),
  ...labels('dated', '成文日期 生成日期 成文时间 生成时间'),
  ...labels('published', '发文日期 发布日期 公布日期 公开日期 发布时间 发文时间'),
  ...labels('validity', '有效性 有效期 文件状态 时效性 是否有效 效力状态'),
  ...labels('genre', '体裁 体裁分类 公文种类 文种 文件类别 信息体裁 公文类别'),
  ...labels(
    'other',
    '名称 信息名称 标题 主题词 关键词 关键字 内容概述 内容摘要 服务对象 公开方式 公开范围 公开形式 语种 信息格式 废止日期 失效日期 生效日期 组配分类 公开目录',
  ),
])

function labels(key: Key | 'other', words: string): [string, Key | 'other'][] {
  return words.split(' ').map((word) => [word, key])
}

const PAIR = /(?:^|[\s|])((?:[\u4e00-\u9fff] *){2,8}?) ?: */g
const bare = (words: string) => words.replace(/[\s:]+/g, '')

const LONGEST_LABEL = 24
const FIRST_CHARACTERS = new Set([':', ...[...LABELS.keys()].map((label) => label[0])])

/** The key of a line that is a label and nothing else. */
const labelOf = ({ folded }: PageLine) =>
  folded.length <= LONGEST_LABEL && FIRST_CHARACTERS.has(folded[0]) ? LABELS.get(bare(folded)) : undefined

interface Entry {
  readonly key: Key | 'other'
  readonly label: string
  readonly value: string | null
  /** Offsets of the value in the page's text; null when it is empty. */
  readonly start: number | null
  readonly rule: string
}

export interface CatalogReading {
  readonly catalog: Catalog
  /** Where each value stands, by its pointer in the record. */
  readonly places: readonly { pointer: string; start: number; end: number; rule: string }[]
}

/** The 信息公开 catalogue: a run of label and value lines that holds an 索引号, or three labels in a table. */
export function readCatalog(lines: readonly PageLine[], allotments: Allotments): CatalogReading {
  const found: Entry[][] = []
  for (let i = 0; i < lines.length; ) {
    const run = readRun(lines, i)
    const keys = new Set(run.entries.map(({ key }) => key))
    if (keys.has('index_number') || (keys.size >= 3 && lines[i]!.element?.tagName === 'td')) {
      for (let j = i; j < i + run.length; j++) {
        allotments.giveLine(lines[j]!, '/catalog', 'catalog.label')
      }
      found.push(run.entries)
    }
    i += Math.max(run.length, 1)
  }
  const catalog: Catalog = {
    index_number: null,
    issuing_body: null,
    document_number: null,
    subject: null,
    dated: null,
    published: null,
    validity: null,
    genre: null,
    other: [],
  }
  const places: { pointer: string; start: number; end: number; rule: string }[] = []
  for (const { key, label, value, start, rule } of found.flat()) {
    if (key !== 'other' && catalog[key] !== null) continue
    const pointer =
      key === 'other' ? `/catalog/other/${catalog.other.push({ label, value }) - 1}/value` : `/catalog/${key}`
    if (key !== 'other') catalog[key] = value
    if (value !== null && start !== null) places.push({ pointer, start, end: start + value.length, rule })
  }
  return { catalog, places }
}

function readRun(lines: readonly PageLine[], from: number): { entries: Entry[]; length: number } {
  const entries: Entry[] = []
  let i = from
  while (i < lines.length) {
    const line = lines[i]!
    const key = labelOf(line)
    if (key !== undefined) {
      const next = lines[i + 1]
      const hasValue = next !== undefined && labelOf(next) === undefined && isBeside(line, next)
      entries.push({
        key,
        label: bare(line.folded),
        value: hasValue ? next.text : null,
        start: hasValue ? next.at : null,
        rule: 'catalog.cell',
      })
      i += hasValue ? 2 : 1
      continue
    }
    const pairs = readPairs(line)
    if (pairs.length === 0 || readInfo(line.folded).some(({ field }) => field === 'publisher')) break
    entries.push(...pairs)
    i++
  }
  return { entries, length: i - from }
}

/** `索引号：000125014/2021-00025 发布机构：…` on one line; empty unless the line begins with a label. */
function readPairs(line: PageLine): Entry[] {
  const colon = line.folded.indexOf(':')
  if (line.text.length > 300 || colon < 2 || colon > LONGEST_LABEL) return []
  const found = [...line.folded.matchAll(PAIR)].filter((match) => LABELS.has(bare(match[1]!)))
  if (found[0] === undefined || found[0].index !== 0) return []
  return found.map((match, i) => {
    const from = match.index + match[0].length
    const words = line.text.slice(from, found[i + 1]?.index ?? line.text.length)
    const value = words.trim()
    return {
      key: LABELS.get(bare(match[1]!))!,
      label: bare(match[1]!),
      value: value || null,
      start: value ? line.at + from + words.indexOf(value) : null,
      rule: 'catalog.line',
    }
  })
}

/** Whether a line can be the value of the label line before it: the same row, or elements of one parent. */
function isBeside(label: PageLine, value: PageLine): boolean {
  if (value.text.length > 200) return false
  if (label.element === null || value.element === null) return true
  const row = closest(label.element, 'tr')
  if (row !== null) return closest(value.element, 'tr') === row
  const parent = parentElement(label.element)
  return parent !== null && (parentElement(value.element) === parent || parent === value.element)
}

function closest(element: Element, tag: string): Element | null {
  for (let at: Element | null = element; at !== null; at = parentElement(at)) if (at.tagName === tag) return at
  return null
}
