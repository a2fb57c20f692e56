import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../scripts/lib/root.mjs'
import { GiB, inFolder, TiB, writeRandom, writeSparse } from '../lib/files.mjs'
import { spread } from '../lib/statistics.mjs'

const execute = promisify(execFile)
const MARK = 'MAPSCOPE-MARK-16'
const ROUNDS = 7

/** Rivals get the same file and needle, each in a process of its own, alternating; all must print the same offset. */
const SUBJECTS = {
  mapscope: (file) => [process.execPath, [path.join(root, 'bench/subjects/find_mapscope.mjs'), file, MARK]],
  'python mmap.find': (file) => ['python3', [path.join(root, 'bench/subjects/find_python.py'), file, MARK]],
  'node readFile + indexOf': (file) => [
    process.execPath,
    [path.join(root, 'bench/subjects/find_buffer.mjs'), file, MARK],
  ],
}

export function findTrial() {
  return inFolder(async (folder) => {
    const dense = path.join(folder, 'dense.bin')
    writeRandom(dense, GiB, MARK)
    const sparse = path.join(folder, 'sparse.img')
    writeSparse(sparse, 15 * TiB, [15 * TiB - MARK.length], MARK)

    const denseSeconds = Object.fromEntries(Object.keys(SUBJECTS).map((name) => [name, []]))
    const sparseSeconds = []
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, command] of Object.entries(SUBJECTS)) {
        denseSeconds[name].push(await secondsOf(command(dense), GiB - MARK.length))
      }
      // The rivals would read every hole of it: an hour at memory speed.
      sparseSeconds.push(await secondsOf(SUBJECTS.mapscope(sparse), 15 * TiB - MARK.length))
    }
    const results = Object.fromEntries(Object.entries(denseSeconds).map(([name, values]) => [name, spread(values)]))
    return {
      unit: 's, measured inside the process: map or read, find',
      results: { 'dense 1 GiB': results, 'sparse 15 TiB': { mapscope: spread(sparseSeconds) } },
      summary: [
        ...Object.entries(results).map(
          ([name, { median }]) => `1 GiB, dense: ${name} ${median} s (${(1.073741824 / median).toFixed(1)} GB/s)`,
        ),
        `15 TiB, sparse: mapscope ${spread(sparseSeconds).median} s`,
      ],
    }
  })
}

async function secondsOf([program, args], expectedOffset) {
  const { stdout } = await execute(program, args)
  const { offset, seconds } = JSON.parse(stdout)
  if (offset !== expectedOffset) throw new Error(`${args[0]} found ${offset} instead of ${expectedOffset}`)
  return seconds
}
