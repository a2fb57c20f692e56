// Cuts the file at a random moment under reads, searches and writes; each must end, and say only what may be said.
import { ftruncateSync, openSync, truncateSync, writeSync } from 'node:fs'
import { find, openFile } from '@mapscope/core'
import { seeded } from './random.mjs'

const MIB = 1024 ** 2
const ROUNDS = 20
const path = process.argv[2]
const random = seeded(process.argv[3])
const fd = openSync(path, 'w+')
const unexpected = []

for (let round = 0; round < ROUNDS; round++) {
  ftruncateSync(fd, 32 * MIB)
  for (let at = 0; at < 32; at++) writeSync(fd, Buffer.alloc(MIB, 'racing'), 0, MIB, at * MIB)
  const source = openFile(path, { isWritable: true })
  const work = [
    source.read(0, 32 * MIB),
    source.read(20 * MIB, 4 * MIB),
    find(source, Buffer.from('absent'), { from: 0, direction: 'forward' }),
    find(source, Buffer.from('absent'), { from: 32 * MIB, direction: 'backward' }),
    source.write(24 * MIB, new Uint8Array(MIB)),
  ]
  await new Promise((resume) => setTimeout(resume, random() * 8))
  truncateSync(path, Math.floor(random() * 32) * MIB)
  for (const outcome of await Promise.allSettled(work)) {
    if (outcome.status === 'rejected' && outcome.reason.code !== 'ERR_FAULT') unexpected.push(String(outcome.reason))
    if (outcome.status === 'fulfilled' && outcome.value.offset > 32 * MIB) unexpected.push(outcome.value.offset)
  }
  await source.close()
}
console.log(JSON.stringify({ rounds: ROUNDS, unexpected }))
