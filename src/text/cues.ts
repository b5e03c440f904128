/**
 * The words by which a reply is known, on folded text: page looks for the letter by them, letter reads by them.
 */

/** `现答复如下：`, `现将办理情况函复如下。`, `作如下答复：`: the end of an opening. */
export const FORMULA = /(?:(?:答复|函复|回复|报告|意见)如下|如下(?:答复|函复|回复)) ?[:。.]?$/

/** `您提出的“…”收悉`, `已交我局办理`: a line that names the proposal without the formula. */
export const RECEIVED = /收悉|交(?:由)?我[^,。]{0,12}办理/

/** The papers that are replied to. */
export const PAPER = /提案|建议|议案/

/** A title that ends as titles of replies do: `…提案的答复`, `…的复函`, `…协办意见的函`, `…办理落实情况`. */
export const REPLY_TITLE =
  /(?:提案|建议|意见|议案|号|议)[^。;]{0,60}(?:(?:答 *复|复 *函|回 *复|函 *复|批 *复)[^。;,]{0,12}|(?:办理|协办|会办|分办|落实)[^。;,]{0,8}(?:意见|情况|结果|报告|函)[^。;,]{0,6})$/

/** `第0116号`, `第13、53号`, `第BH035号`. */
export const CASE_NUMBER = /第 *[A-Z]{0,4}\d{1,10}(?: *[、,和及] *(?:第 *)?[A-Z]{0,4}\d{1,10})* *号/

/** The end of a line that addresses members or deputies: `…委员:`, `…等3名代表:`, `…委员您好:`. */
export const SALUTATION_END = /(?:委员|代表)(?:们|同志)?(?:,? ?(?:您|你|你们|您们)好)? ?[:!]$/

/** A label that stands in a cell of its own in page or letter furniture, never in a data table; blanks taken out. */
export const TABLE_LABEL =
  /^(?:索引号|主题分类|主题词|发文机关|发文机构|发布机构|制发机关|文号|发文字号|成文日期|发文日期|发布日期|生成日期|有效性|公文种类|体裁分类|来源|信息来源|类别|签发领导|签发人|公开属性|办理结果|办复情况|办复类别|是否同意公开|标题|问题标题|问题内容|问题答复|答复内容|答复单位|联系人|联系电话):?$/

/** A Chinese date and nothing else. */
export const DATE_LINE =
  /^[\d一二三四五六七八九〇零○◯Oo]{4} *年 *[\d一二三四五六七八九十]{1,3} *月 *[\d一二三四五六七八九十]{1,3} *日$/

/** The CMS's settings line: SiteServer prints its SettingsXML column as `key=value&key=value`. */
export function isSettingsLine(folded: string): boolean {
  return SETTINGS_KEY.test(folded) && SETTINGS_FORM.test(folded)
}
const SETTINGS_KEY = /(?:^|&)(?:check_isadmin|check_username|titleformatstring|checktaskdate)=/i
const SETTINGS_FORM = /^[\w-]{1,40}=[^&]*(?:&[\w-]{1,40}=[^&]*)+$/

/** Words that end the name of a unit: 局, 委员会, 人民政府 … */
export const UNIT_END =
  /(?:局|委员会|委|办公室|办公厅|办|政府|厅|部|处|室|院|中心|公司|集团|支队|大队|总队|街道|镇|乡|银行|学校|大学|法院|检察院|联合会|工会|协会|学会|总社|管委会|党组|组|站|所|署|社|行|团|会)$/

/** How a numbered line begins, told without reading it: enough to know that it is no furniture. */
export const NUMBERED_LINE =
  /^(?:[一二三四五六七八九十]{1,3}[、.,]|[(][一二三四五六七八九十\d]{1,3}[)]|\d{1,2}[、.](?!\d)|[一二三四五六七八九十]{1,2}(?:是|要))/

/** An address of a file that is no page. */
export const FILE_LINK = /\.(?:pdf|docx?|wps|xlsx?|ofd|rar|zip|ceb|rtf|et|txt)(?:[?#]|$)/i
