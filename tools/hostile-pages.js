/** A letter with something in its body; `n` in the pages below is about their length in characters. */
const letter = (
  body,
  opening = '您提出的“关于改善人居环境的提案”收悉，现答复如下：',
  title = '对市政协八届三次会议第0101号提案的答复',
) =>
  `<html><head><title>${title}</title></head><body><p>丁未然委员：</p><p>${opening}</p>${body}<p>感谢您的关心。</p><p>某某局</p><p>2023年6月1日</p></body></html>`
const above = (words) => letter('').replace('<body>', `<body>${words}`)
const behind = (words) => letter('').replace('</body>', `${words}</body>`)
const many = (words, n) => words.repeat(Math.ceil(n / words.length))

/** Pages that would make a careless reader crash, hang or swell: name → page of about n characters. */
export const HOSTILE_PAGES = {
  'nested divs': (n) => letter(many('<div>', n)),
  'nested inline elements': (n) => letter(`<p>${many('<b>', n)}甲`),
  'nested fonts': (n) => letter(`<p>${many('<font>', n)}甲`),
  'nested tables': (n) => letter(`${many('<table><tr><td>', n / 4)}甲`),
  'nested lists': (n) => letter(`${many('<ul><li>', n)}甲`),
  'one long line': (n) => letter(`<p>${many('字', n)}</p>`),
  'one line of blanks': (n) => letter(`<p>甲${many('\u3000', n)}乙${many(' ', n)}丙</p>`),
  'one series after another': (n) => letter(`<p>${many('一是甲；二是乙。', n)}</p>`),
  'members of one number': (n) => letter(`<p>${many('一是加强管理。', n)}</p>`),
  markers: (n) => letter(many('<p>一、甲</p>', n)),
  'three levels of markers': (n) => letter(many('<p>一、甲</p><p>（一）乙</p><p>1.丙</p>', n)),
  continuations: (n) => letter(`<p>一、甲</p>${many('<p>乙。</p>', n)}`),
  dates: (n) => letter(many('<p>2023年6月1日</p>', n)),
  units: (n) => letter(many('<p>某某局</p>', n)),
  closings: (n) => letter(many('<p>感谢您。</p>', n)),
  openings: (n) => letter(many('<p>现答复如下：</p>', n)),
  addressees: (n) => letter('').replace('丁未然委员：', `${many('丁未然、', n)}委员：`),
  contacts: (n) => behind(many('<p>联系人：甲 电话：12345678</p>', n)),
  'contacts on one line': (n) => behind(`<p>${many('联系人：甲 电话：12345678 ', n)}</p>`),
  copies: (n) => behind(`<p>抄送：${many('甲、', n)}</p>`),
  entities: (n) => letter(`<p>${many('&#19968;&nbsp;&ldquo;', n)}</p>`),
  attributes: (n) => letter(`<p ${many('a="1" ', n)}>甲</p>`),
  'settings lines': (n) => letter(`<p>${many('a=1&', n)}check_isadmin=True</p>`),
  'open quotes': (n) => letter('', `您提出的${many('“', n)}收悉，现答复如下：`),
  'short quotes': (n) => letter('', `您提出的${many('“关于”', n)}收悉，现答复如下：`),
  'many 关于': (n) => letter('', `您提出的${many('关于', n)}收悉，现答复如下：`),
  'many 届': (n) => letter('', undefined, `对市政协${many('第一届', n)}的答复`),
  'many numbers': (n) => letter('', undefined, `对${many('第1、', n)}号提案的答复`),
  'many site names': (n) => letter('', undefined, `对提案的答复${many('_某网', n)}`),
  links: (n) => letter(many('<p><a href=x>甲</a></p>', n)),
  'hidden elements': (n) => letter(many('<i hidden>甲</i>', n)),
  images: (n) => letter(many('<img>', n)),
  'table rows': (n) => letter(`<table>${many('<tr><td>1</td><td>2</td></tr>', n)}</table>`),
  'data tables': (n) => letter(many('<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>', n)),
  'bold pieces': (n) => letter(`<p>${many('<b>甲</b>乙', n)}</p>`),
  comments: (n) => letter(many('<!--x-->', n)),
  'open comments': (n) => letter(many('<!--', n)),
  'comments with odd ends': (n) => letter(many('<!----!>', n)),
  'dashes in comments': (n) => letter(many('<!-- - -- - ', n)),
  'a script without end': (n) => letter(`<script>${many('a', n)}`),
  'less-than signs in a script': (n) => letter(`<script>${many('<a', n)}`),
  'quotes without end': (n) => letter(many('<a b="', n)),
  'tags without end': (n) => letter(many('<a b ', n)),
  'the same attribute': (n) => letter(`<p ${many('a ', n)}>甲</p>`),
  'less-than signs': (n) => letter(many('<', n)),
  ampersands: (n) => letter(many('&', n)),
  'info lines': (n) => above(many('<p>发布日期：2020-01-01 来源：甲</p>', n)),
  'sources on one line': (n) => above(`<p>${many('来源：甲 ', n)}</p>`),
  catalogue: (n) => above(many('<p>索引号：1</p><p>名称：甲</p>', n)),
  'tools on one line': (n) => letter(`<p>${many('打印 关闭 ', n)}</p>`),
  'sequences of items': (n) => letter(many('<p>首先，甲</p><p>其次，乙</p>', n)),
  'a salutation without colon': (n) => letter('').replace('丁未然委员：', `${many('委员', Math.min(n, 110))}好`),
  'signs behind copies': (n) => behind(`<p>抄送：${many('。', n)}甲</p>`),
  'dashes in the title': (n) => letter('', undefined, `甲${many('-', n)}乙`),
  'blanks in a link': (n) => letter(`<ul><li><a href=x>甲${many(' ', n)}乙</a><p>现答复如下：</p></li></ul>`),
  'dots in a link': (n) => letter(`<ul><li><a href=x>甲${many('.', n)}乙</a><p>现答复如下：</p></li></ul>`),
  'lines above the salutation': (n) => above(many('<p>普通一行字</p>', n)),
  'a text rendering': (n) =>
    `丁未然委员：\n您提出的“关于改善人居环境的提案”收悉，现答复如下：\n${many('一、甲\n乙。\n', n)}某某局\n2023年6月1日`,
}

/** A generator of numbers from a seed: mulberry32. Gives 0 to below 1. */
export function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const TOKENS = [
  '<p>',
  '</p>',
  '<table>',
  '<tr><td>',
  '</table>',
  '<div hidden>',
  '</div>',
  '<b>',
  '</b>',
  '<br>',
  '<!--',
  '-->',
  '<script>',
  '</script>',
  '<select><option>',
  '一、',
  '（一）',
  '1.',
  '一是',
  '二是',
  '：',
  '。',
  '“',
  '”',
  '《',
  '》',
  '委员：',
  '现答复如下：',
  '2023年6月1日',
  '某某局',
  '联系人：',
  '附件：',
  '抄送：',
  '感谢您',
  '\u0000',
  '\u001b[31m',
  '&#xd800;',
  '&nbsp;',
  '\ud840\udc00',
  '\ufeff',
  '\u2028',
].map((token) => Buffer.from(token))

/** A page with some bytes flipped, cut, moved or replaced by tokens. */
export function mutate(bytes, next) {
  let page = Buffer.from(bytes)
  const at = () => Math.floor(next() * (page.length + 1))
  for (let times = 1 + Math.floor(next() * 6); times > 0; times--) {
    const [from, to] = [at(), at()].sort((a, b) => a - b)
    switch (Math.floor(next() * 6)) {
      case 0:
        if (page.length > 0) page[Math.min(from, page.length - 1)] = Math.floor(next() * 256)
        break
      case 1:
        page = Buffer.concat([page.subarray(0, from), page.subarray(Math.min(to, from + 400))])
        break
      case 2:
        page = Buffer.concat([page.subarray(0, from), TOKENS[Math.floor(next() * TOKENS.length)], page.subarray(from)])
        break
      case 3:
        page = Buffer.concat([page.subarray(0, to), page.subarray(from, Math.min(to, from + 400)), page.subarray(to)])
        break
      case 4:
        page = page.subarray(0, to)
        break
      default:
        page = Buffer.concat([
          page.subarray(0, from),
          TOKENS[Math.floor(next() * TOKENS.length)],
          page.subarray(Math.min(to, from + 20)),
        ])
    }
  }
  return page
}
