import { manifest } from './root.mjs'
import { fail } from './say.mjs'

/** Says so in words when Node is too old, instead of failing on the first thing it lacks. */
export function requireNode() {
  const [, floorMajor, floorMinor] = />=(\d+)\.(\d+)/.exec(manifest.engines.node)
  const [major, minor] = process.versions.node.split('.').map(Number)
  const isEnough = major > Number(floorMajor) || (major === Number(floorMajor) && minor >= Number(floorMinor))
  if (!isEnough) fail(`Node ${process.versions.node} is too old: Mapscope needs ${floorMajor}.${floorMinor} or later.`)
}
