const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
/** `Mon, 22 Nov 2021 09:02:51 +0800` (RFC 5322), or `Mon Nov 22 2021 09:02:51 GMT+0800` (JavaScript). */
const STAMP =
  /\b(?:(\d{1,2}) ([A-Z][a-z]{2})|([A-Z][a-z]{2}) (\d{1,2})) (\d{4}) (\d\d):(\d\d):(\d\d) ?(?:(?:GMT|UTC)?([+-]\d{4})|GMT|UTC|Z)/
const ISO = /\b(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?Z/

/** A moment as saved pages and mail headers write it, as `YYYY-MM-DDTHH:MM:SSZ`; null when there is none. */
export function readStamp(text: string): string | null {
  const iso = ISO.exec(text)
  if (iso) return iso[0].replace(/\.\d+/, '')
  const match = STAMP.exec(text)
  if (!match) return null
  const month = MONTHS.indexOf(match[2] ?? match[3]!)
  if (month < 0) return null
  const zone = match[9] ?? '+0000'
  const minutes = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * (zone.startsWith('-') ? -1 : 1)
  const [year, day, hour, minute, second] = [match[5], match[1] ?? match[4], match[6], match[7], match[8]].map(Number)
  const moment = new Date(Date.UTC(year!, month, day!, hour!, minute! - minutes, second!))
  return Number.isNaN(moment.getTime()) ? null : `${moment.toISOString().slice(0, 19)}Z`
}
