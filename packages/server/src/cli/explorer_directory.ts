import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where the built explorer may be, seen from `src/cli/` or `dist/cli/`: inside the published package, or in the repository. */
const CANDIDATES = ['../../dist/explorer/', '../../../../apps/explorer/dist/']

/** The built explorer, or where it would be in a repository that has not built it yet. */
export function explorerDirectory(): string {
  const places = CANDIDATES.map((place) => fileURLToPath(new URL(place, import.meta.url)))
  return places.find((place) => existsSync(`${place}index.html`)) ?? (places.at(-1) as string)
}
