// Says of which sources a built addon is, in a file beside it.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './root.mjs'

const packageRoot = join(root, 'packages', 'native')

/** One number for all that decides what the addon is; `flags` are what a build adds to that. */
export function sourcesHash(flags = '') {
  const sources = readdirSync(join(packageRoot, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${flags}\n`)
  for (const file of [join(packageRoot, 'binding.gyp'), ...sources]) {
    const content = readFileSync(file)
    hash.update(`${relative(packageRoot, file)} ${content.byteLength}\n`).update(content)
  }
  return hash.digest('hex')
}

const stampFile = (addon) => `${addon}.sources`

/** With the addon's own hash, since turbo may put another one in its place and leave the stamp. */
function stampOf(addon, sources) {
  return `${sources} ${createHash('sha256').update(readFileSync(addon)).digest('hex')}\n`
}

export function isStamped(addon, sources) {
  return (
    existsSync(addon) &&
    existsSync(stampFile(addon)) &&
    readFileSync(stampFile(addon), 'utf8') === stampOf(addon, sources)
  )
}

export function stamp(addon, sources) {
  writeFileSync(stampFile(addon), stampOf(addon, sources))
}

export function removeStamp(addon) {
  rmSync(stampFile(addon), { force: true })
}
