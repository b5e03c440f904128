/**
 * A copy without members that are null, `[]` or objects of nothing else. What YAML and the tree leave out for the eye;
 * `""` and 0 stay.
 */
export function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((member) => prune(member) ?? {})
  if (value === null || typeof value !== 'object') return value ?? undefined
  const kept = Object.entries(value).flatMap(([key, member]) => {
    const pruned = prune(member)
    return pruned === undefined ? [] : [[key, pruned] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
