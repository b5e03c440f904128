import type { Profile } from './profile.ts'

/** Binhai New Area and the development zones: SiteServer CMS with layui. */
export const siteserver: Profile = {
  name: 'siteserver',
  hosts: /(?:^|\.)(?:tjbh|teda|tht|tjftz)\.gov\.cn$/,
  marks: ['.content-attr', '.xxgk-list'],
  contentMark: null,
  body: ['.content-body', '.content-text', '.article-content', '#zoom'],
  title: ['.content-title'],
  list: ['li.xxgk-list', 'ul.sec-list li', 'div.ET_main_list li', '#sec_right > ul > li'],
  chrome: [
    { kind: 'page_tool', selector: '.content-font' },
    { kind: 'share', selector: '.content-tool' },
    { kind: 'breadcrumb', selector: '.location' },
  ],
}
