import type { Profile } from './profile.ts'

/** www.tj.gov.cn and the bureaus since 2020: TRS WCM with IGS. */
export const trs: Profile = {
  name: 'trs',
  hosts: /(?:^|\.)tj\.gov\.cn$/,
  marks: [
    '#xlrllt',
    '.TRS_UEDITOR',
    '.TRS_Editor',
    '.TRS_PreAppend',
    '.ty-content',
    '#content_fbrq',
    '.trs_editor_view',
  ],
  contentMark: null,
  body: [
    '#xlrllt',
    '#zoom',
    '.TRS_UEDITOR',
    '.TRS_Editor',
    '.TRS_PreAppend',
    '.trs_editor_view',
    '.common-content',
    '.article_content',
    '.page_content',
  ],
  title: ['.ty-content-main-title', '.qt-title', '.xl-title', '.page_title', '.xw-title'],
  chrome: [
    { kind: 'page_tool', selector: '.xl-tool' },
    { kind: 'breadcrumb', selector: '.routeBlockAuto' },
    { kind: 'related', selector: '.xgid' },
  ],
}
