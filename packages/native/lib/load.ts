import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Binding } from './binding.ts'
import { prebuildName } from './prebuild_name.ts'

/** Where the addon may be, best first: built here, which somebody did on purpose, or shipped in the package. */
export function candidates(packageRoot: string): readonly string[] {
  return [
    join(packageRoot, 'build', 'Release', 'mapscope.node'),
    join(packageRoot, 'prebuilds', prebuildName(), 'mapscope.node'),
  ]
}

/** @throws An `Error` that lists every file tried, why each failed (as `cause`, too), and what to run. */
export function load(packageRoot: string): Binding {
  const require = createRequire(import.meta.url)
  const failures: { readonly file: string; readonly cause: Error }[] = []
  for (const file of candidates(packageRoot)) {
    try {
      return require(file) as Binding
    } catch (cause) {
      failures.push({ file, cause: cause as Error })
    }
  }
  const tried = failures.map(({ file, cause }) => `  ${file}\n    ${firstLine(cause.message)}`)
  throw new AggregateError(
    failures.map(({ cause }) => cause),
    [
      `@mapscope/native could not be loaded on ${prebuildName()} with Node ${process.versions.node}. Tried:`,
      ...tried,
      `The package holds binaries for: ${prebuilds(packageRoot).join(', ') || 'no system'}.`,
      'To build it from source (needs python3, make and a C++20 compiler):',
      `  cd ${packageRoot}`,
      '  npx node-gyp@12 rebuild',
      'or, in a clone of the Mapscope repository: pnpm run build',
    ].join('\n'),
  )
}

function prebuilds(packageRoot: string): readonly string[] {
  try {
    return readdirSync(join(packageRoot, 'prebuilds')).sort()
  } catch {
    return []
  }
}

/** Both `lib/` and `dist/` are one below the package's root. */
export function packageRoot(): string {
  return dirname(dirname(fileURLToPath(import.meta.url)))
}

// A missing module's message goes on with the stack of requires, which says nothing here.
function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message
}
