import { inventLetter } from './letters.js'
import { articles, lists, plainPage } from './shapes.js'

/** @typedef {{ name: string, letter: import('./shapes.js').Letter, url: string, link: string }} Reply */

const NEWEST = Date.UTC(2025, 10, 20)
/** The days from the newest reply of a column back to its oldest, in February 2021. */
const SPAN_DAYS = 1740
const NOTICE = { title: '关于公布2024年提案办理计划的通知', link: 'href="/contents/1/900003.html"' }

/** `202112/t20211229_5068123.html` */
const trsName = ({ published }, id) => `${published.slice(0, 7)}/t${published}_${id}.html`.replaceAll('-', '')
const onclick = (url) => `onclick="isDownLoad(this,'${url}')"`

/** The replies of a column link to their pages so; `i` counts from the newest, `id` is the higher the newer. */
const COLUMNS = [
  {
    name: 'siteserver',
    shape: 'siteserver',
    list: (n) => [n === 1 ? '/channels/11960.html' : `/channels/11960_${n}.html`],
    place: ({ base }, _letter, id) => {
      const path = `/contents/11960/${518600 + id}.html`
      return { url: base + path, link: `href="${path}"` }
    },
  },
  {
    name: 'trs',
    shape: 'trs',
    list: (n) =>
      n === 1
        ? ['/zwgk/jytabl/bljggk/index.html', '/zwgk/jytabl/bljggk/']
        : [`/zwgk/jytabl/bljggk/index_${n - 1}.html`],
    place: ({ base, sister }, letter, id, i) => {
      const name = trsName(letter, 5068000 + id)
      const [site, folder, link] = [
        [base, '/zwgk/jytabl/bljggk/', `href="./${name}"`],
        [base, '/zwgk/zfxxgk/', `href="../../zfxxgk/${name}"`],
        [base, '/zwgk/jytabl/bljggk/', `href="/zwgk/jytabl/bljggk/${name}"`],
        [sister, '/slj/jyta/', `href="${sister}/slj/jyta/${name}"`],
        [base, '/zwgk/jytabl/bljggk/', onclick(`${base}/zwgk/jytabl/bljggk/${name}`)],
      ][i % 5]
      return { url: site + folder + name, link }
    },
  },
  {
    name: 'inline',
    shape: 'trs',
    list: (n) =>
      n === 1
        ? ['/zwgk_47325/jytabl/bljggk/index.html', '/zwgk_47325/jytabl/bljggk/']
        : [`/zwgk_47325/jytabl/bljggk/index_${n - 1}.html`],
    place: ({ base }, letter, id) => {
      const url = `${base}/zwgk_47325/jytabl/bljggk/${trsName(letter, 6100000 + id)}`
      return { url, link: onclick(url) }
    },
  },
  {
    name: 'hanweb',
    shape: 'hanweb',
    list: (n) => [...(n === 1 ? ['/col/col87/index.html'] : []), `/col/col87/index.html?pageNum=${n}`],
    place: ({ base }, { published }, id) => {
      const path = `/art/${published.split('-').map(Number).join('/')}/art_87_${72000 + id}.html`
      return { url: base + path, link: `href="${path}"` }
    },
  },
  {
    name: 'generic',
    shape: 'generic',
    list: (n) => [...(n === 1 ? ['/tabl/list.aspx'] : []), `/tabl/list.aspx?page=${n}`],
    place: ({ base }, _letter, id) => ({ url: `${base}/tabl/show.aspx?id=${id}`, link: `href="show.aspx?id=${id}"` }),
  },
]

/** The same reply by other addresses: with a fragment, with the scheme in capitals, as WZWS rewrites it. */
const disguises = (url) => {
  const { origin, pathname, search } = new URL(url)
  return [
    `${url}#top`,
    url.replace('http:', 'HTTP:'),
    `${origin}/WZWSRE${Buffer.from(pathname + search).toString('base64')}`,
  ]
}

/**
 * All pages of the portal, address → what makes the page, and what a crawl of its columns must find.
 * @param {{ base: string, sister: string }} sites
 * @param {number} count the replies of each column
 */
export function buildColumns(sites, count) {
  const notice = (title) => () => plainPage(title, `${title}。会议要求，各单位要提高办理质量，按时公开结果。`)
  /** @type {Map<string, () => string>} */
  const pages = new Map(
    [
      ['/', () => plainPage('临海区人民政府', '欢迎访问。')],
      ['/contents/1/900001.html', notice('我区召开会议部署提案办理工作')],
      ['/contents/1/900002.html', notice('关于公布2024年优秀提案的通知')],
      ['/contents/1/900003.html', notice(NOTICE.title)],
      ['/user/logout.do', () => plainPage('退出', '您已退出。')],
      ['/private/1.html', () => articles.trs(inventLetter(7, new Date(NEWEST)))],
    ].map(([path, make]) => [sites.base + path, make]),
  )
  const columns = {}
  const found = []
  const size = Math.min(20, Math.max(3, Math.ceil(count / 4)))
  COLUMNS.forEach(({ name, shape, list, place }, c) => {
    const column = sites.base + list(1)[0]
    columns[name] = column
    const replies = Array.from({ length: count }, (_, i) => {
      const published = new Date(NEWEST - (Math.floor((i * SPAN_DAYS) / count) + c) * 86_400_000)
      const letter = inventLetter(c * 100_000 + i, published)
      const { url, link } = place(sites, letter, count - i, i)
      pages.set(url, () => articles[shape](letter))
      found.push({ column, url, title: letter.title, date: letter.published, number: letter.number })
      return { letter, url, link }
    })
    const total = Math.max(1, Math.ceil(count / size))
    for (let page = 1; page <= total; page++) {
      // The last reply of the page before stands here again, as when a list grew while it was read.
      const own = replies.slice(Math.max(0, (page - 1) * size - 1), page * size)
      const make = () => {
        const rows = own.map(({ letter, link }) => {
          const isWithoutYear = name === 'trs' && page === 2
          return { title: letter.title, date: letter.published.slice(isWithoutYear ? 5 : 0), link, letter }
        })
        if (page === 1) rows.splice(1, 0, { ...NOTICE, date: '2025-11-20', letter: null })
        const related = own
          .slice(0, 3)
          .map(({ letter, url }, i) => `<a href="${disguises(url)[i]}">${letter.title}</a>`)
          .join('\n')
        return lists[name]({ page, pages: total, rows, related: `<div class="hot">热门\n${related}\n</div>` })
      }
      for (const path of list(page)) pages.set(sites.base + path, make)
    }
  })
  return { pages, columns, replies: found }
}
