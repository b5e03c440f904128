import type { RemovedKind } from '../record.ts'

/** How a portal is built. Selectors are ranked: the first that matches wins. */
export interface Profile {
  readonly name: string
  /** Hosts of the portal, matched against meta SiteDomain and the page's address. */
  readonly hosts: RegExp | null
  /** Elements that only this portal's pages have. */
  readonly marks: readonly string[]
  /** A comment before the content, such as Hanweb's. */
  readonly contentMark: RegExp | null
  /** The element that holds the letter. */
  readonly body: readonly string[]
  /** The element that holds the title. */
  readonly title: readonly string[]
  /** The items of its list pages, each with the link to an article. */
  readonly list: readonly string[]
  /** Furniture by the portal's own names. */
  readonly chrome: readonly { readonly kind: RemovedKind; readonly selector: string }[]
}
