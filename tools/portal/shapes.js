/**
 * Pages in the shapes of the portals.
 * @typedef {ReturnType<typeof import('./letters.js').inventLetter>} Letter
 * @typedef {{ title: string, date: string, link: string, letter: Letter | null }} Row link: its attribute, href or onclick
 * @typedef {{ page: number, pages: number, rows: Row[], related: string }} List
 */

const NAV = `<div class="top"><a href="/">首页</a> <a href="/channels/11960.html">建议提案</a> <a href="#">政务公开</a>
<a href="javascript:void(0)" onclick="AddFavorite()">收藏本站</a> <a href="/user/login.do">登录</a> <a href="/user/logout.do">退出</a></div>
<div class="news"><a href="/contents/1/900001.html" title="我区召开会议部署提案办理工作">我区召开会议部署提案办理工作</a>
<a href="/contents/1/900002.html">关于公布2024年优秀提案的通知</a>
<a href="/files/P020211231000000.pdf">建议提案办理情况统计表.pdf</a></div>`
const FOOTER = `<div class="footer"><ul><li><a href="javascript:void();">各区政府网站</a></li><li><a href="javascript:;">常用链接</a></li></ul>
<p>主办单位：临海区人民政府办公室　网站标识码：1200009998　<a href="mailto:wangban@example.invalid">联系我们</a> <a href="http://bszs.conac.example.invalid/sitename?method=show">党政机关</a></p></div>`

const page = (title, body, metas = '') => `<!DOCTYPE html>
<html><head><meta charset="utf-8">
${metas}<title>${title}</title></head>
<body>
${NAV}
${body}
${FOOTER}
</body></html>
`
const meta = (name, content) => `<meta name="${name}" content="${content}">\n`
const paragraphs = (letter, open) =>
  letter
    .lines()
    .map((line) => `${open}${line}</p>`)
    .join('\n')
const cut = (title) => (title.length > 18 ? `${title.slice(0, 16)}...` : title)

/** What is no reply: news, notices, the home page. */
export const plainPage = (title, text) => page(title, `<h1>${title}</h1>\n<div class="text"><p>${text}</p></div>`)

/** @type {Record<'siteserver' | 'trs' | 'hanweb' | 'generic', (letter: Letter) => string>} */
export const articles = {
  siteserver: (letter) =>
    page(
      letter.title,
      `<div class="location">当前位置: <a href="/">首页</a>&gt;<a href="/channels/11960.html">建议提案</a></div>
<div class="content-title">${letter.title}</div>
<div class="content-info">发布日期: ${letter.published} 09:30 &nbsp;&nbsp;&nbsp;&nbsp; 来源: ${letter.bureau}</div>
<div class="content-font">字号:<a href="javascript:;">大</a><a href="javascript:;">中</a><a href="javascript:;">小</a></div>
<ul class="content-tool"><li><span>扫一扫在手机打开当前页</span></li></ul>
<div class="content-body">
${paragraphs(letter, '<p>　　')}
</div>
<div class="content-attr">checktaskdate=1754/1/1 0:00:00&amp;ssbm=&amp;titleformatstring=False_False_False_&amp;check_isadmin=True&amp;check_username=shenhe07&amp;check_reasons=</div>`,
    ),
  trs: (letter) =>
    page(
      letter.title,
      `<div class="qt-title">${letter.title}</div>
<div class="xl-info"><span>发布日期: ${letter.published} 09:30</span>&nbsp;&nbsp;&nbsp;&nbsp;<span>来源: ${letter.bureau}</span></div>
<div id="xlrllt"><div><div class="view TRS_UEDITOR trs_paper_default trs_web">${paragraphs(letter, '<p style="text-indent: 2em;">')}</div></div><div class="fj"></div></div>`,
      meta('SiteName', '临海区人民政府') +
        meta('ArticleTitle', letter.title) +
        meta('PubDate', `${letter.published} 09:30`) +
        meta('ContentSource', letter.bureau),
    ),
  hanweb: (letter) =>
    page(
      letter.title,
      `<div class="page_title">${letter.title}</div><div class="page_time">发布日期：${letter.published}</div>
<div class="page_content Clear"><!--ZJEG_RSS.content.begin--><meta name="ContentStart">${paragraphs(letter, '<p>')}<!--ZJEG_RSS.content.end--></div>`,
    ),
  generic: (letter) =>
    page(
      letter.title,
      `<h2>${letter.title}</h2><p class="when">时间：${letter.published}</p><div class="con">${paragraphs(letter, '<p>')}</div>`,
    ),
}

const links = (list, address, names) => {
  const to = (n, name) => `<a href="${n >= 1 && n <= list.pages ? address(n) : 'javascript:;'}">${name}</a>`
  return names.map((name) => {
    if (name === '首页') return to(1, name)
    if (name === '上一页') return to(list.page - 1, name)
    // On the last page it leads to that page again, as many a portal's does.
    if (name === '下一页') return to(Math.min(list.page + 1, list.pages), name)
    return to(list.pages, name)
  })
}
/** TRS pages hold no link to the next one, only this call. */
const script = (list) => `<script>createPageHTML(${list.pages}, ${list.page - 1}, "index", "html");</script>`
const inSpans = ({ link, title, date }) =>
  `<a ${link} title="${title}"><span class="t">${cut(title)}</span><span class="d">${date}</span></a>`
const rows = (list, row) => list.rows.map(row).join('\n')

/** @type {Record<'siteserver' | 'trs' | 'inline' | 'hanweb' | 'generic', (list: List) => string>} */
export const lists = {
  siteserver: (list) => {
    const address = (n) => (n === 1 ? '/channels/11960.html' : `/channels/11960_${n}.html`)
    const row = ({ link, title, date }) => `<li class="xxgk-list layui-row">
<div class="layui-col-md10 layui-col-sm10"><a ${link} title="${title}">${cut(title)}</a></div>
<div class="layui-col-md2 layui-col-sm2"><span> ${date} </span></div></li>`
    return page(
      '建议提案_临海区人民政府',
      `<ul>\n${rows(list, row)}\n</ul>
<div class="pager">${links(list, address, ['首页', '上一页', '下一页', '尾页']).join(' ')}</div>\n${list.related}`,
    )
  },
  trs: (list) => {
    const row = (item) =>
      item.link.startsWith('onclick')
        ? `<li>${inSpans(item)}</li>`
        : `<li><a ${item.link} title="${item.title}" target="_blank">${cut(item.title)}</a><p>${item.date}</p></li>`
    return page(
      '办理结果公开',
      `<div class="commonList-body"><ul>\n${rows(list, row)}\n</ul></div>\n<div id="NPage">${script(list)}</div>\n${list.related}`,
    )
  },
  inline: (list) => {
    const row = (item) =>
      `<li>${inSpans(item)}${item.letter ? `<div class="nr" style="display:none">${paragraphs(item.letter, '<p>')}</div>` : ''}</li>`
    return page('办理结果公开', `<ul class="list">\n${rows(list, row)}\n</ul>\n${script(list)}\n${list.related}`)
  },
  hanweb: (list) => {
    const row = ({ link, title, date }) =>
      `<tr><td><a ${link} title="${title}">${cut(title)}</a></td><td>${date}</td></tr>`
    const pager = links(list, (n) => `?pageNum=${n}`, ['首页', '上一页', '下一页', '尾页'])
    return page(
      '提案办理',
      `<table class="list"><tbody>\n${rows(list, row)}\n</tbody></table>\n<div class="page">${pager.join('')} 共${list.pages}页</div>\n${list.related}`,
    )
  },
  generic: (list) => {
    const next = [
      (href) => `<a href="${href}">下页</a>`,
      (href) => `<a href="${href}">&gt;</a>`,
      (href) => `<a rel="next" href="${href}"><img src="/images/r.gif" alt=""></a>`,
    ][(list.page - 1) % 3](`list.aspx?page=${list.page + 1}`)
    const numbers = Array.from({ length: list.pages }, (_, i) => i + 1).map((n) =>
      n === list.page ? `<b>${n}</b>` : `${n}`,
    )
    return page(
      '提案答复',
      `<ul class="newsList">\n${rows(list, ({ link, title, date }) => `<li><a ${link}>${title}</a> [${date}]</li>`)}\n</ul>
<div class="pages">${numbers.join(' ')} ${list.page < list.pages ? next : ''}</div>\n${list.related}`,
    )
  },
}
