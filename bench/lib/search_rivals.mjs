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
  'plain JavaScript': inNode('search_plain.mjs'),
  ripgrep: ofSystem('rg', 'ripgrep'),
  'GNU grep': ofSystem('grep', 'grep'),
  'GNU strings': ofSystem('strings', 'binutils'),
  'C, the limit': RIVALS['C, the limit'],
  dd: RIVALS.dd,
}
