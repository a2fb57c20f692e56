import { readFileSync } from 'node:fs'
import { capture } from '../../scripts/lib/run.mjs'
import { compileSubject } from './compile_subject.mjs'

const TICKS_PER_SECOND = 100

/** Compiles the load generator into a folder; its `ask` puts one load on one server. */
export async function buildLoad(folder) {
  const program = await compileSubject('http_load', folder)
  return (server, load) => ask(program, server, load)
}

/**
 * `bytes` 0 asks for the whole file, `seconds` times on each connection. Every byte is compared when `verify`, which costs the client as
 * much as receiving them. With the server's processor time a GB.
 */
async function ask(
  program,
  { port, pid, target, header = '', file },
  { connections, bytes, seconds, verify = false, seed = 1 },
) {
  const before = processorSeconds(pid)
  const numbers = [connections, bytes, seconds, verify ? 1 : 0, seed].map(String)
  const { code, output } = await capture(program, [String(port), target, file, ...numbers, header])
  if (code !== 0) throw new Error(`port ${port}: ${output}`)
  const result = JSON.parse(output)
  const gigabytes = result.gbPerSecond * result.seconds
  return { ...result, cpuSecondsPerGb: (processorSeconds(pid) - before) / gigabytes }
}

export function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Anonymous memory, which no page cache explains. */
export function anonymousMiB(pid) {
  return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]) / 1024
}
