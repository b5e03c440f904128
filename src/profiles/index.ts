import { generic } from './generic.ts'
import { gkCatalog } from './gk-catalog.ts'
import { hanweb } from './hanweb.ts'
import type { Profile } from './profile.ts'
import { siteserver } from './siteserver.ts'
import { tableLayout } from './table-layout.ts'
import { trs } from './trs.ts'

export type { Profile }
export { generic }

/** The portals, the more particular first: catalogue and Hanweb pages hold TRS containers too. Generic is the last. */
export const PROFILES: readonly Profile[] = [gkCatalog, hanweb, siteserver, trs, tableLayout, generic]
