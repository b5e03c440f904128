import { setFlagsFromString } from 'node:v8'

/** Megabytes of the half of a worker's nursery in which new objects are made. */
const HALF_NURSERY = 32

/** Megabytes of a worker's nursery, where the trees of several pages have room and die before they are moved. */
export const NURSERY = 3 * HALF_NURSERY

/**
 * Fits V8's heap to work that builds a tree and throws it away, page after page; for the whole process.
 *
 * Left alone, V8 takes the nodes of trees for objects that live long and puts them among the old ones, where the dead
 * keep the young alive (half of all time was spent moving them); it lets the heap of every thread grow to a multiple of
 * what lives in it before it collects; and it begins with a small nursery, which a page's tree outlives.
 */
export function fitHeap(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
  setFlagsFromString('--heap-growing-percent=20')
  setFlagsFromString(`--min-semi-space-size=${HALF_NURSERY}`)
}
