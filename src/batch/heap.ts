import { setFlagsFromString } from 'node:v8'

/**
 * Fits V8's heap to work that builds a tree and throws it away, page after page; for the whole process.
 *
 * Left alone, V8 takes the nodes of trees for objects that live long and puts them among the old ones, where the dead
 * keep the young alive (half of all time was spent moving them); and it lets the heap of every thread grow to a multiple
 * of what lives in it before it collects.
 */
export function fitHeap(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
  setFlagsFromString('--heap-growing-percent=20')
}
