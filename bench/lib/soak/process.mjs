import { readdirSync, readFileSync } from 'node:fs'

/** What a process holds (Linux); `fileMaps` are those of files in a folder. */
export function holdingsOf(pid, folder) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const maps = readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n')
  return {
    anonymousMiB: Number(/RssAnon:\s+(\d+) kB/.exec(status)[1]) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    maps: maps.length - 1,
    fileMaps: maps.filter((line) => line.includes(folder)).length,
  }
}
