import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { convert } from '../src/convert.ts'
import { fileSource, type Source } from '../src/input/source.ts'
import type { ReplyRecord } from '../src/record.ts'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
export const FIXTURES = join(ROOT, 'fixtures')

type BlockRow = readonly [
  id: string,
  role: string,
  marker: string | null,
  heading: string | null,
  end: string | null,
  text: string | null,
]

/** The hand-written truth of a case. */
export interface Truth {
  readonly shows: string
  readonly error?: string
  readonly diagnostics?: readonly string[]
  readonly record?: { readonly [part: string]: { readonly [key: string]: unknown } }
  readonly removed?: { readonly [kind: string]: number }
  readonly blocks?: readonly BlockRow[]
  readonly items?: { readonly [block: string]: readonly (readonly [marker: string, text: string])[] }
}

export interface Case {
  readonly slug: string
  readonly source: Source
  readonly truth: Truth
  readonly golden: string | null
}

export function readCases(): Case[] {
  return readdirSync(FIXTURES)
    .sort()
    .map((slug) => {
      const folder = join(FIXTURES, slug)
      const page = existsSync(join(folder, 'page.txt')) ? 'page.txt' : 'page.html'
      const golden = join(folder, 'expected.yaml')
      return {
        slug,
        source: fileSource(page, readFileSync(join(folder, page))),
        truth: parse(readFileSync(join(folder, 'case.yaml'), 'utf8')) as Truth,
        golden: existsSync(golden) ? readFileSync(golden, 'utf8') : null,
      }
    })
}

export const plain = { encoding: null, evidence: false } as const

/** The record of a page given as text. */
export function recordOf(page: string, evidence = false): ReplyRecord {
  return convert(fileSource('page.html', Buffer.from(page)), { encoding: null, evidence })
}

/** A page around the lines of a letter. */
export function pageOf(lines: readonly string[], title = '对市政协十四届四次会议第0101号提案的答复'): string {
  return `<html><head><title>${title}</title></head><body><h1>${title}</h1><div class="body">${lines
    .map((line) => (line.startsWith('<') ? line : `<p>${line}</p>`))
    .join('\n')}</div></body></html>`
}

/** The letter around the lines of a body. */
export function letterOf(body: readonly string[]): string[] {
  return [
    '丁未然委员：',
    '您提出的“关于改善人居环境的提案”收悉，现答复如下：',
    ...body,
    '感谢您的关心。',
    '青岚市住房局',
    '2023年6月1日',
  ]
}
