// Cuts the file at a random moment under searches; each must end, and tell only hits that were there, and how many it told.
import { ftruncateSync, openSync, truncateSync, writeSync } from 'node:fs'
import { count, openFile, search } from '@mapscope/core'
import { seeded } from './random.mjs'

const MIB = 1024 ** 2
const ROUNDS = 20
const path = process.argv[2]
const random = seeded(process.argv[3])
const fd = openSync(path, 'w+')
const unexpected = []
let faults = 0

/** `racing` stands at each multiple of 8. */
async function searched(source, direction) {
  let told = 0
  let last = direction === 'forward' ? -1 : Number.POSITIVE_INFINITY
  try {
    for await (const batch of search(source, Buffer.from('racing'), { direction })) {
      told += batch.length
      for (const offset of batch.offsets) {
        const isInOrder = direction === 'forward' ? offset > last : offset < last
        if (offset % 8 !== 0 || !isInOrder) unexpected.push(`${direction} ${offset} after ${last}`)
        last = offset
      }
    }
    return { told }
  } catch (error) {
    faults++
    if (error.code !== 'ERR_FAULT' || error.hitCount !== told) unexpected.push(`${error} ${error.hitCount} ${told}`)
    return { told }
  }
}

for (let round = 0; round < ROUNDS; round++) {
  ftruncateSync(fd, 32 * MIB)
  for (let at = 0; at < 32; at++) writeSync(fd, Buffer.alloc(MIB, 'racing--'), 0, MIB, at * MIB)
  const source = openFile(path)
  const cut = Math.floor(random() * 32 * MIB)
  const work = [
    searched(source, 'forward'),
    searched(source, 'backward'),
    count(source, Buffer.from('racing')).catch((error) => error),
  ]
  await new Promise((resume) => setTimeout(resume, random() * 6))
  truncateSync(path, cut)
  const [forward, backward, counted] = await Promise.all(work)
  const least = Math.floor((cut + 2) / 8)
  for (const { told } of [forward, backward]) if (told < least || told > 4 * MIB) unexpected.push(`${told} of ${least}`)
  const number = typeof counted === 'number' ? counted : counted.hitCount
  if (!(number >= least)) unexpected.push(`counted ${String(counted)}, not ${least}`)
  // What is searched from now on is the rest, and says so.
  const rest = await searched(source, 'forward')
  if (rest.told !== least) unexpected.push(`${rest.told} afterwards, not ${least}`)
  await source.close()
}
console.log(JSON.stringify({ rounds: ROUNDS, unexpected, hasFaults: faults >= ROUNDS }))
