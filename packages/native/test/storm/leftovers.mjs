import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** Lines of /proc/self/maps that show one of the folder's files. */
export function mapsOf(folder) {
  return readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => line.includes(folder))
}

/** Shared anonymous memory shows as a deleted /dev/zero, and nothing in Node makes any. */
export function anonymousMaps() {
  return readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => line.includes('/dev/zero'))
}

/** What open descriptors point to, of the folder's files. */
export function descriptorsOf(folder) {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return '' // the one that listed the folder
    }
  })
  return links.filter((link) => link.startsWith(folder))
}

export function residentMiB() {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
}

/** Collects until nothing of the folder is mapped or open, or it has gone on for long enough. */
export async function leftovers(folder) {
  let left = []
  for (let turn = 0; turn < 100; turn++) {
    globalThis.gc()
    await wait(10)
    left = [...mapsOf(folder), ...anonymousMaps(), ...descriptorsOf(folder)]
    if (left.length === 0) break
  }
  return left
}
