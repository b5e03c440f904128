import type { Profile } from './profile.ts'

/** Any other page: the letter is found by what it says. */
export const generic: Profile = {
  name: 'generic',
  hosts: null,
  marks: [],
  contentMark: null,
  body: [
    '#UCAP-CONTENT',
    'ucapcontent',
    '#cmsArticleContent',
    '#zoom',
    '#vsb_content',
    '.v_news_content',
    '#articleContent',
    '.article-content',
    '.news_content',
    '.zwcontent',
  ],
  title: [],
  list: [],
  chrome: [],
}
