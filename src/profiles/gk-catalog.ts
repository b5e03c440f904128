import type { Profile } from './profile.ts'

/** gk.tj.gov.cn 2017–2020: the open-information catalogue with its table of keys. */
export const gkCatalog: Profile = {
  name: 'gk-catalog',
  hosts: /^gk\.tj\.gov\.cn$/,
  marks: ['.table_key', '#span_docTitle', '#span_publisher'],
  contentMark: null,
  body: ['.article_content_file', '.article_content', '.TRS_PreAppend', '.TRS_Editor'],
  title: ['#span_docTitle'],
  list: ['div.index_right_content li'],
  chrome: [],
}
