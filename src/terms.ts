/** The version of the record's shape; it changes only when a reader would notice. */
export const SCHEMA = 'dafu/1'

/** The closed sets of words that values of a record are taken from. */

export const KINDS = ['cppcc_proposal', 'npc_suggestion', 'unknown'] as const
export const FORMS = ['reply', 'co_handling', 'follow_up', 'unknown'] as const
export const ROLES = [
  'section',
  'measure',
  'salutation',
  'opening',
  'paragraph',
  'closing',
  'signature',
  'date',
  'contact',
  'copy_to',
  'attachment',
  'note',
  'header',
  'table',
] as const
export const REMOVED_KINDS = [
  'site_nav',
  'breadcrumb',
  'page_tool',
  'share',
  'footer',
  'link_list',
  'related',
  'cms_settings',
  'script',
  'hidden',
  'ad',
  'duplicate',
  'unknown',
] as const
export const SEVERITIES = ['error', 'warning', 'info'] as const
export const URL_SOURCES = ['caller', 'fetch', 'warc', 'mhtml', 'saved_from', 'meta', 'canonical'] as const
export const DECIDERS = ['caller', 'bom', 'header', 'meta', 'utf-8', 'gb18030', 'utf-16'] as const
export const ARCHIVE_KINDS = ['warc', 'mhtml', 'zip', 'tar', 'gzip', 'wacz'] as const
