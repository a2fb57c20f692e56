import { basename } from 'node:path'

/**
 * Wire names for the served paths: their last components, made unique by `name (2)`, `name (3)` … in the order given, and
 * never one that another path already has of itself. Characters that no wire path may hold (see `wire_path.ts`) become `_`:
 * the name is only what the path is asked for by.
 */
export function uniqueNames(paths: readonly string[]): string[] {
  const bases = paths.map((path) => plainName(basename(path)) || 'root')
  const taken = new Set<string>()
  return bases.map((base) => {
    let name = base
    for (let n = 2; taken.has(name); n++) {
      const candidate = `${base} (${n})`
      if (!bases.includes(candidate)) name = candidate
    }
    taken.add(name)
    return name
  })
}

function plainName(name: string): string {
  return name.replace(/[\\\0]|\p{Surrogate}/gu, '_')
}
