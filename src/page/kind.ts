import { InputError } from '../diagnostics.ts'
import { FILE_LINK, PAPER, REPLY_TITLE } from '../text/cues.ts'
import { fold } from '../text/fold.ts'
import { attribute, type Element, type Head, isElement, parentElement, textOf } from './dom.ts'
import { hiddenText, type Lines } from './lines.ts'
import { isAddress, isOpening } from './region.ts'

/** Scripts that hold a page back until a browser has run them: WZWS, 阿里云, 加速乐, 瑞数, Cloudflare and their like. */
const CHALLENGE =
  /wzwschallenge|WZWS|acw_sc__v2|__jsl_clearance|\$_ts\s*=|aliyun_waf|\/_guard\/|_cf_chl|cf-browser-verification|安全验证|访问过于频繁|人机验证|滑动验证|请开启 ?JavaScript|enable JavaScript and cookies|document\.cookie\s*=[\s\S]{0,2000}location\s*(?:\.\w+)?\s*(?:=|\()/i
/** Whether a page holds a reader back until a browser has run its scripts. */
export const looksLikeChallenge = (html: string) => CHALLENGE.test(html)

const ERROR_PAGE =
  /(?:^|\D)404(?:\D|$)|not found|页面不存在|页面未找到|页面找不到|找不到(?:该|您|此)?.{0,8}页面|无法(?:找到|显示|访问)(?:该|此)?(?:网?页|页面)|您(?:访问|查看|浏览)的.{0,12}(?:不存在|已删除|已被删除|已过期|出错)|系统维护|网站维护|正在维护|服务器(?:内部)?错误|(?:^|\D)50[0-4](?:\D|$)|bad gateway|service unavailable|internal server error|access denied|forbidden|拒绝访问|访问被拒绝|出错啦|稿件不存在|信息不存在|内容不存在|栏目不存在|信息已(?:删除|下线|撤销)/i
const LOGIN = /登录|登陆|用户名|统一身份认证|sign in|log ?in/i
/** A sentence of an article, not the words of a link or a tool. */
const SENTENCE = /^.{14,}[。;:]|[。;].{10,}/
/** A page that shows less than this many characters holds no article. */
const FEW = 400

/** A page with so many links has a menu, which no challenge has. */
const MENU = 8

/** Why a page holds no letter that can be read, judged before the letter is looked for; null when it may hold one. */
export function refuseEarly(html: string, head: Head, page: Lines): InputError | null {
  const openings = page.lines.filter((line) => isOpening(line.folded))
  if (openings.length > 0) {
    const isList = openings.every(({ element }) => element && isInListItem(element)) || isListOfLetters(page)
    return isList ? listError() : null
  }
  const folded = fold(page.text)
  if (page.visibleChars < FEW) {
    // A list may link to addresses that a challenge has rewritten.
    if (page.anchors.length < MENU && looksLikeChallenge(html))
      return new InputError('page.challenge', 'The page is a challenge for browsers, not the letter.')
    if (ERROR_PAGE.test(`${head.title ?? ''}\n${folded}`))
      return new InputError('page.error_page', 'The page is an error page.')
    if (/<input\b[^>]{0,300}\btype\s*=\s*["']?password/i.test(html) && LOGIN.test(`${head.title ?? ''}\n${folded}`))
      return new InputError('page.login', 'The page asks for a login.')
  }
  return null
}

/** The hidden element that holds a letter which the page does not show; a list when it stands in an item of one. */
export function findHiddenLetter(page: Lines): Element | InputError | null {
  for (const element of page.hidden) {
    const text = fold(hiddenText(element))
    if (text.length < 40 || !(/(?:答复|函复|回复|报告|意见)如下/.test(text) || (/收悉/.test(text) && PAPER.test(text))))
      continue
    return isInListItem(element) ? listError() : element
  }
  return null
}

const listError = () => new InputError('page.list', 'The page is a list of replies, not a reply.')

/** Whether two letters or more stand on a page, each below a link with the title of a reply. */
function isListOfLetters({ lines }: Lines): boolean {
  const below = (i: number) =>
    lines.slice(Math.max(0, i - 4), i).some(({ linkShare, folded }) => linkShare > 0.5 && REPLY_TITLE.test(folded))
  return lines.filter(({ folded }, i) => isOpening(folded) && below(i)).length > 1
}

/** Whether an element stands in a list item that begins with a link bearing the title of a reply. */
function isInListItem(element: Element): boolean {
  for (let at: Element | null = element; at !== null; at = parentElement(at)) {
    if (at.tagName !== 'li' && at.tagName !== 'dd' && at.tagName !== 'tr') continue
    const link = firstLink(at, element)
    if (link && isReplyLink(link)) return true
  }
  return false
}

/** The first link under an element, before another. */
function firstLink(root: Element, before: Element): Element | null {
  const open: Element[] = [root]
  for (let element = open.pop(); element !== undefined && element !== before; element = open.pop()) {
    if (element.tagName === 'a') return element
    for (let i = element.childNodes.length - 1; i >= 0; i--) {
      const child = element.childNodes[i]!
      if (isElement(child)) open.push(child)
    }
  }
  return null
}

function isReplyLink(link: Element): boolean {
  const words = [
    attribute(link, 'title') ?? '',
    textOf(link)
      .trim()
      .slice(0, 300)
      .replace(/\d{4}-\d{1,2}-\d{1,2}$/, '')
      .replace(/[.…]{1,6}\s{0,9}$/, ''),
  ]
  return words.some((text) => isReplyTitle(fold(text.trim())))
}

/** Whether a title in a list is that of a reply, even one that the list cuts short; folded. */
export const isReplyTitle = (folded: string) =>
  REPLY_TITLE.test(folded) || (/(?:政协|人大|第 *\d+ *号)/.test(folded) && /提案|建议|会议/.test(folded))

/** Why a page without an opening is no article: a list, an empty body, a picture, a file; null when it may be one. */
export function refuseLate(
  page: Lines,
  links: readonly Element[],
  region: { start: number; end: number } | null,
): InputError | null {
  const { lines } = page
  const article = region === null ? [] : lines.slice(region.start, region.end)
  const words = article.filter((line) => line.linkShare < 0.5).reduce((sum, line) => sum + line.text.length, 0)
  const replyLinks = links.filter(isReplyLink).length
  const hasAddress = article.some((line) => isAddress(line.folded))
  const hasSentence = article.some((line) => SENTENCE.test(line.folded) && line.linkShare < 0.5)
  if ((hasAddress && words > 20) || (hasSentence && words >= 60)) return null
  const dated = lines.filter((line) => /^\[?(?:\d{2,4}[-/.])?\d{1,2}[-/.]\d{1,2}\]?$/.test(line.folded)).length
  if (words < 200 && (replyLinks >= 2 || (replyLinks >= 1 && dated >= 1) || (links.length >= 8 && dated >= 3)))
    return listError()
  if (words >= 60 || hasSentence) return null
  if (links.some((link) => FILE_LINK.test(attribute(link, 'href') ?? '')))
    return new InputError('page.attachment_only', 'The letter is only linked as a file.')
  if (
    page.images.length > 0 &&
    REPLY_TITLE.test(fold(page.text.split('\n').find((line) => REPLY_TITLE.test(fold(line))) ?? ''))
  )
    return new InputError('page.image_only', 'The letter is only shown as an image.')
  return new InputError('page.empty', 'The page holds no letter.')
}
