// Makes packages/native/build/Release/mapscope.node, unless its sources are those of the one that is there.
// Works from any folder; `pnpm run build` in packages/native calls it.
import { join, relative } from 'node:path'
import { isStamped, removeStamp, sourcesHash, stamp } from './lib/addon_stamp.mjs'
import { lockBuild } from './lib/build_lock.mjs'
import { missingTools, nodeGypBuild } from './lib/node_gyp.mjs'
import { root } from './lib/root.mjs'
import { fail } from './lib/say.mjs'

const packageRoot = join(root, 'packages', 'native')
const addon = join(packageRoot, 'build', 'Release', 'mapscope.node')

function main() {
  if (isStamped(addon, sourcesHash())) return
  const missing = missingTools()
  if (missing !== undefined) fail(missing)
  const unlock = lockBuild(join(packageRoot, 'build', 'lock'))
  try {
    if (!isStamped(addon, sourcesHash())) makeAddon()
  } finally {
    unlock()
  }
}

function makeAddon() {
  const sources = sourcesHash()
  const startedMs = Date.now()
  removeStamp(addon)
  // A warning fails the build here and not in binding.gyp: another compiler's new warning must not take the package from who builds it.
  const { status, output } = nodeGypBuild(packageRoot, { CXXFLAGS: `-Werror ${process.env.CXXFLAGS ?? ''}` })
  if (status !== 0) {
    console.error(`${output}\nThe addon did not build; the log is above.`)
    process.exitCode = 1
    return
  }
  stamp(addon, sources)
  console.log(`Built ${relative(process.cwd(), addon)} in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`)
}

main()
