import type { Profile } from './profile.ts'

/** District pages to about 2021: layout tables, line-height and font-size classes, often GBK. */
export const tableLayout: Profile = {
  name: 'table-layout',
  hosts: null,
  marks: ['.hanggao28', '.hanggao30', '.hanggao34', '.hanggao35', '.hanggao36'],
  contentMark: null,
  body: ['td.hanggao30', 'td.hanggao28', 'td.hanggao35.zi14', 'td.hanggao36'],
  title: ['.hanggao35.weiruan', '.hanggao36.zi16'],
  list: ['td.hanggao28', 'td.hanggao30.zi14', 'td.hanggao35.weiruan.zi14'],
  chrome: [],
}
