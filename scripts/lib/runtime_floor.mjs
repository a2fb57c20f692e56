import { capture } from './run.mjs'

/**
 * The oldest runtime that the Linux addon must load on: glibc 2.28, which is Node's own floor from 20 to 26, and the libstdc++ of GCC 8
 * that such systems come with (Debian 10, RHEL 8). Above it the addon fails to load where Node runs. What a name that crosses it needs is
 * in packages/native/src/os/older_runtime_linux.cc, and in file_status_linux.cc: an older call, or a definition of our own.
 */
const FLOOR = { GLIBC: [2, 28], GLIBCXX: [3, 4, 25], CXXABI: [1, 3, 11] }

/** The names that a shared object takes from a newer runtime than the floor, as `{symbol, version}`. */
export async function aboveFloor(file) {
  const { code, output } = await capture('objdump', ['-T', file])
  if (code !== 0) throw new Error(`objdump could not read ${file}:\n${output}`)
  const needed = [...output.matchAll(/\*UND\*.*\((GLIBC|GLIBCXX|CXXABI)_([0-9.]+)\)\s+(\S+)$/gm)]
  if (needed.length === 0) throw new Error(`objdump names nothing that ${file} needs: this check is not looking at it`)
  return needed
    .filter(([, library, version]) => isNewer(version.split('.').map(Number), FLOOR[library]))
    .map(([, library, version, symbol]) => ({ symbol, version: `${library}_${version}` }))
}

function isNewer(version, floor) {
  const differs = version.findIndex((part, index) => part !== (floor[index] ?? 0))
  return differs !== -1 && version[differs] > (floor[differs] ?? 0)
}
