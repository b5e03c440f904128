import type { RemovedKind } from '../record.ts'
import { isSettingsLine, NUMBERED_LINE } from '../text/cues.ts'

/** Furniture that is known by its words alone, wherever it stands; each pattern accounts for the whole folded line. */
interface JunkRule {
  readonly rule: string
  readonly kind: RemovedKind
  readonly test: (folded: string) => boolean
  readonly example: string
}

const whole = (source: string) => {
  const pattern = new RegExp(`^(?:${source})$`, 'i')
  return (folded: string) => pattern.test(folded)
}

/** Between two pieces of a tool line. */
const GAP = '[ \\t|:·•\\-/,]{0,9}'
const BULLET = '[•·●◆■□▪*><» ]{0,4}'
const FONT_SIZES = `(?:[\\[(【〔]?${GAP}(?:特?大|中|小|默认|超大|标准|A ?\\+|A ?-|A|\\+|-|T)${GAP}){1,6}[\\])】〕]?`
/** One tool of a tool line, with the blanks and bars behind it. */
const TOOL = new RegExp(
  `(?:${[
    `(?:字号|字体大小|字体|字体设置|文字大小|大小) ?:?${GAP}(?:${FONT_SIZES})?`,
    `(?:浏览|阅读|点击|访问|查看|人气)(?:次数|量|数|率)? ?:? ?(?:[\\d,]{1,12} ?(?:次|人次)?)?(?![^\\[\\](){}【】〔〕|:· \\t])`,
    '(?:我要|网页|本页|点击)?(?:打印|关闭|收藏|加入收藏|保存|下载本页|返回顶部|返回首页|返回列表|返回上一页|返回|顶部|纠错|推荐|复制链接|视力保护色|语音播报|朗读|无障碍浏览|无障碍|长者模式)(?:本页|此页|页面|文章|窗口|该页)?(?![^\\[\\](){}【】〔〕|:· \\t])',
    '(?:作者|责任编辑|编辑|责编|校对|审核|审校|录入人|录入|发布人|发布者|撰稿|供稿|初审|复审|终审|信息员|编校) ?: ?[^ 。;\\])】〕]{0,20}',
    `(?:分享到|分享至|分享|一键分享|转发) ?:?${GAP}(?:(?:新浪微博|腾讯微博|微信|微博|QQ空间|QQ好友|QQ|朋友圈|人人网|豆瓣|更多|抖音)${GAP})*(?![^\\[\\](){}【】〔〕|:· \\t])`,
  ].join('|')})[\\])】〕]?${GAP}[\\[(【〔]?`,
  'iy',
)
const TOOL_LINE_START = /[[(【〔•·●■\s]{0,4}/y

/** Whether a line is nothing but tools: `【字体:大 中 小】 浏览次数:318`, not `关闭违规企业12家`. */
function isToolLine(folded: string): boolean {
  TOOL_LINE_START.lastIndex = 0
  TOOL_LINE_START.test(folded)
  const start = TOOL_LINE_START.lastIndex
  TOOL.lastIndex = start
  while (TOOL.lastIndex < folded.length) if (!TOOL.test(folded)) return false
  return folded.length > start
}

/** Ordered: the first that matches names the kind. */
export const JUNK: readonly JunkRule[] = [
  {
    rule: 'junk.cms_settings',
    kind: 'cms_settings',
    test: isSettingsLine,
    example: 'checktaskdate=1754/1/1 0:00:00&titleformatstring=False_False_False_&check_isadmin=True',
  },
  {
    rule: 'junk.breadcrumb',
    kind: 'breadcrumb',
    test: whole(
      `${BULLET}(?:您?(?:的|现在的)?当?前?(?:所在)?位置|您现在的位置|当前页面|当前栏目|您所在的位置) ?[:>】\\]].{0,200}`,
    ),
    example: '当前位置:首页>政务公开>建议提案',
  },
  {
    rule: 'junk.qr_hint',
    kind: 'share',
    test: whole(
      `${BULLET}.{0,10}(?:扫一扫|扫码|扫描)(?:.{0,12}(?:打开|查看|分享|阅读|浏览|关注|访问|二维码|当前页|手机).{0,12})?`,
    ),
    example: '• 扫一扫在手机打开当前页',
  },
  {
    rule: 'junk.page_tool',
    kind: 'page_tool',
    test: isToolLine,
    example: '浏览次数:318 字体:大 中 小 作者:办公室',
  },
  {
    rule: 'junk.font_sizes',
    kind: 'page_tool',
    test: whole(`[\\[(【〔]?(?:大|中|小)(?:[ |]{0,3}(?:大|中|小)){0,2}[\\])】〕]?`),
    example: '大 中 小',
  },
  {
    rule: 'junk.browser_hint',
    kind: 'page_tool',
    test: whole(
      `.{0,20}(?:IE版本小于|IE浏览器版本|浏览器版本过低|请升级.{0,6}(?:IE|浏览器)|建议使用.{0,30}(?:浏览器|分辨率|\\d{3,4}[*×]\\d{3,4})).{0,80}`,
    ),
    example: 'IE版本小于9,为了您的浏览体验,请升级IE版本! x',
  },
  {
    rule: 'junk.clock',
    kind: 'page_tool',
    test: whole(
      `今天是.{0,4}\\d.{0,30}|(?:现在时间|当前时间|当前日期|今日) ?: ?.{0,40}|\\d{4}年\\d{1,2}月\\d{1,2}日 {0,3}星期[一二三四五六日天].{0,12}`,
    ),
    example: '今天是:2019年10月31日',
  },
  {
    rule: 'junk.neighbours',
    kind: 'related',
    test: whole(
      `${BULLET}[\\[【]?(?:上一篇|下一篇|上一条|下一条|上篇|下篇|前一篇|后一篇|上一页|下一页)[\\]】]? ?:?.{0,120}`,
    ),
    example: '上一篇:对区政协八届四次会议第0187号提案的答复',
  },
  {
    rule: 'junk.related',
    kind: 'related',
    test: whole(
      `${BULLET}[\\[【]?(?:相关(?:新闻|文章|链接|信息|阅读|稿件|文件|报道|解读|推荐|附件|内容)|推荐阅读|延伸阅读|热点推荐|最新文章|随便看|猜你喜欢|热门文章)(?: ?[:\\]】>][^。;]{0,60})?`,
    ),
    example: '相关新闻:',
  },
  {
    rule: 'junk.forum',
    kind: 'page_tool',
    test: whole(
      `(?:(?:倒序浏览|正序浏览|只看该作者|只看楼主|复制链接|显示全部楼层|阅读模式|发表于.{0,20}|电梯直达|使用道具|举报|回复|楼主)[ |]{0,4}){2,8}|倒序浏览|正序浏览|只看该作者|只看楼主|显示全部楼层|电梯直达|使用道具|查看 ?: ?\\d{1,9}[ |]{0,4}回复 ?: ?\\d{1,9}`,
    ),
    example: '倒序浏览 只看该作者 复制链接',
  },
  {
    rule: 'junk.disclaimer',
    kind: 'footer',
    test: whole(
      `(?:免责声明|版权声明|免责条款)[】\\]]? ?:.{0,300}|(?:特别声明|声明)[】\\]]? ?:.{0,200}(?:版权|转载|本网|本站|来源|免责|原作者).{0,100}`,
    ),
    example: '免责声明:本文转载自互联网,版权归原作者所有',
  },
  {
    rule: 'junk.footer',
    kind: 'footer',
    test: whole(
      `[^。;]{0,60}(?:网站标识码|网站备案|公网安备|公安备案|ICP备|ICP证|备案序?号)[^。;]{0,300}|[^。;]{0,60}(?:版权所有|Copyright|All Rights Reserved|©).{0,300}|(?:主办单位|技术支持|技术维护|运维单位|维护单位|开发维护|网站地图|网站维护|联系我们|网站声明|关于我们)(?: ?: ?.{0,200}|(?:[ |]{1,4}(?:网站地图|联系我们|网站声明|关于我们|隐私声明|站点地图)){0,6})|您是第.{0,20}位?访问者|(?:最佳|推荐)?浏览(?:效果|环境).{0,60}`,
    ),
    example: '主办单位:天津市人民政府办公厅 网站标识码:1200000052',
  },
  {
    rule: 'junk.template_tag',
    kind: 'page_tool',
    test: whole('(?:<!--)?(?:Start|End)Fragment(?:-->)?|<!--[^>]{0,60}-->|</?TRS_DOCUMENT>'),
    example: '<!--EndFragment-->',
  },
]

/** What every piece of furniture has: most lines of a page are menu entries without any of it. */
const SIGN =
  /[=:>\]】<©]|位置|当前|扫|码|字[号体]|大小|^[[(【〔]?[大中小]|浏览|阅读|点击|访问|查看|人气|打印|关闭|收藏|保存|下载|返回|顶部|纠错|推荐|复制|视力|语音|朗读|无障碍|长者|分享|转发|IE|升级|建议使用|今天|星期|[上下前后]一?[篇条页]|相关|延伸|最新|随便|猜你|热门|楼|作者|举报|回复|使用道具|声明|备|版权|copyright|reserved|主办|支持|维护|网站|联系|关于|最佳|Fragment/i

/** The rule that knows a line as furniture; null when none does. */
export function findJunk(folded: string): JunkRule | null {
  if ((folded.length > 600 && !folded.includes('=')) || !SIGN.test(folded) || NUMBERED_LINE.test(folded)) return null
  return JUNK.find(({ test }) => test(folded)) ?? null
}
