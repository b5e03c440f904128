import type { Profile } from './profile.ts'

/** wsjk.tj.gov.cn to 2020, cz.tj.gov.cn: Hanweb, with comments around the content. */
export const hanweb: Profile = {
  name: 'hanweb',
  hosts: null,
  marks: [],
  contentMark: /ZJEG_RSS\.content\.(begin|end)/,
  body: ['.page_content', '#zoom'],
  title: ['.page_title'],
  list: [],
  chrome: [],
}
