import { findPageDate } from '../text/date.ts'

/** A labelled piece of the line under a title: offsets in the line, label included. */
export interface InfoPiece {
  readonly field: 'published' | 'publisher'
  readonly start: number
  readonly end: number
  readonly valueStart: number
  readonly valueEnd: number
}

/** Every line of interest has one of these. */
const FIELD = /源|期|间|发布于/

/** Labels that are known wherever they stand in the line: inline elements leave no blank between two of them. */
const STRONG =
  '发布 ?(?:日期|时间)|发表(?:日期|时间)|发稿(?:日期|时间)|上传(?:日期|时间)|添加(?:日期|时间)|更新(?:日期|时间)'
const TOOLS = '字号|字体大小|字体|浏览次数|浏览量|阅读次数|阅读量|点击数|点击量|点击|访问量|访问次数|责任编辑|分享到'
const EDGE = '(?:^|(?<=[\\s|;,([【:/\\])】]))'
const LABELS = new RegExp(
  `(?:(${STRONG}|${EDGE}(?:公开(?:日期|时间)|发布于|时 {0,4}间|日 {0,4}期))|((?:${EDGE}|(?<=\\d))(?:信息|文章|稿件|内容|消息|新闻)? ?来 {0,4}源)|(${TOOLS}|${EDGE}(?:浏览|阅读|作者|编辑|审核|发布单位|发布机构))) ?:`,
  'g',
)
/** Words behind a source that are no part of its name. */
const AFTER_SOURCE =
  /(?:\s{2,}|\s[|｜]|[|]|[[【(〔] ?(?:字|打印|大|关闭)|\s(?:大|打印|分享|收藏|字号|字体|浏览|关闭|点击|视力|\d{4}[-年/.])).*$/
const EDGES = /^[\s|\][【】·,;]+|[\s|\][【】·,;]+$/g

/**
 * The date and source pieces of a folded line: `发布日期: 2021-11-22 09:02      来源: 滨海新区人民政府 字号:`;
 * empty when the line is none. A bare date counts beside a source.
 */
export function readInfo(folded: string): InfoPiece[] {
  if (folded.length > 300 || !folded.includes(':') || !FIELD.test(folded)) return []
  const labels = [...folded.matchAll(LABELS)].map((match) => {
    const field = match[1] !== undefined ? 'published' : match[2] !== undefined ? 'publisher' : 'tool'
    return { field, start: match.index, value: match.index + match[0].length } as const
  })
  const pieces: InfoPiece[] = []
  labels.forEach(({ field, start, value }, i) => {
    const end = labels[i + 1]?.start ?? folded.length
    const words = folded.slice(value, end)
    if (field === 'published') {
      const date = findPageDate(words)
      const isEmpty = words.trim() === ''
      if (date && words.slice(0, date.start).trim() === '')
        pieces.push({ field, start, end: value + date.end, valueStart: value + date.start, valueEnd: value + date.end })
      else if (isEmpty && /发布/.test(folded.slice(start, value)))
        pieces.push({ field, start, end: value, valueStart: value, valueEnd: value })
    } else if (field === 'publisher') {
      const name = words.replace(AFTER_SOURCE, '').replace(EDGES, '')
      const at = name === '' ? 0 : words.indexOf(name)
      pieces.push({
        field,
        start,
        end: value + at + name.length,
        valueStart: value + at,
        valueEnd: value + at + name.length,
      })
    }
  })
  const has = (field: InfoPiece['field']) => pieces.some((piece) => piece.field === field)
  if (has('publisher') && !has('published')) {
    const date = findPageDate(folded)
    if (date && !pieces.some((piece) => date.start >= piece.start && date.start < piece.end))
      pieces.push({ field: 'published', start: date.start, end: date.end, valueStart: date.start, valueEnd: date.end })
  }
  return pieces.sort((a, b) => a.start - b.start)
}
