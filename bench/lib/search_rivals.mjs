// Who takes part in the trials of searching and scanning.
import { spawnSync } from 'node:child_process'
import { inNode, RIVALS, subject } from './rivals.mjs'

const ofSystem = (program, debianPackage) => ({
  ...inNode('search_command.mjs'),
  prepare: () =>
    spawnSync(program, ['--version']).error === undefined
      ? undefined
      : `${program} is not installed (apt-get install ${debianPackage})`,
})

export const SEARCH_RIVALS = {
  mapscope: inNode('search_mapscope.mjs'),
  'python mmap': { program: 'python3', args: [subject('search_python.py')] },
  // A pool of two threads leaves one for scans.
  'mapscope on one core': {
    program: 'env',
    args: ['UV_THREADPOOL_SIZE=2', process.execPath, subject('search_mapscope.mjs')],
  },
  'plain JavaScript': inNode('search_plain.mjs'),
  'JavaScript with 4 tables': { ...inNode('search_plain.mjs'), parameters: { tables: 4 } },
  ripgrep: ofSystem('rg', 'ripgrep'),
  'GNU grep': ofSystem('grep', 'grep'),
  'GNU strings': ofSystem('strings', 'binutils'),
  b3sum: ofSystem('b3sum', 'b3sum'),
  xxhsum: ofSystem('xxhsum', 'xxhash'),
  'C, the limit': RIVALS['C, the limit'],
  dd: RIVALS.dd,
}
