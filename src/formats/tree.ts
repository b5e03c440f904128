import type { Block, ReplyRecord } from '../record.ts'
import type { Tree } from './json.ts'
import { prune } from './prune.ts'

/** The record with its blocks nested by `children`, null and empty members left out: for eyes, no record any more. */
export function toTree(record: ReplyRecord): Tree {
  const roots: BlockTree[] = []
  const byId = new Map<string, BlockTree>()
  for (const { parent, ...block } of record.blocks) {
    const node: BlockTree = { ...block, children: [] }
    byId.set(block.id, node)
    ;(parent === null ? roots : byId.get(parent)!.children).push(node)
  }
  return prune({ ...record, blocks: roots }) as Tree
}

interface BlockTree extends Omit<Block, 'parent'> {
  readonly children: BlockTree[]
}
