// Cuts the file at a random moment under every scan; each must end, and count nothing twice.
import { ftruncateSync, openSync, truncateSync, writeSync } from 'node:fs'
import { differences, entropy, histogram, Overview, openFile, runs, strings } from '@mapscope/core'
import { seeded } from './random.mjs'

const MIB = 1024 ** 2
const ROUNDS = 12
const path = process.argv[2]
const random = seeded(process.argv[3])
const fd = openSync(path, 'w+')
const unexpected = []

/** Every byte of the file is 'r', so that whatever else is found was never in it. */
async function check(source) {
  const { counts, byteLength, unreadable } = await histogram(source)
  const lost = unreadable.reduce((sum, { start, end }) => sum + end - start, 0)
  if (counts[114] !== byteLength || byteLength + lost !== source.byteLength) unexpected.push({ byteLength, lost })
}

async function drain(items, isRight) {
  for await (const item of items) if (!isRight(item)) unexpected.push(item)
}

for (let round = 0; round < ROUNDS; round++) {
  ftruncateSync(fd, 32 * MIB)
  for (let at = 0; at < 32; at++) writeSync(fd, Buffer.alloc(MIB, 'r'), 0, MIB, at * MIB)
  const source = openFile(path)
  const work = [
    check(source),
    drain(strings(source), ({ items }) => items.every(({ offset }) => offset === 0)),
    drain(runs(source), ({ items }) => items.every(({ value }) => value === 114)),
    drain(entropy(source), (batch) => batch.entropy.every((value) => value === 0 || Number.isNaN(value))),
    drain(differences(source, source), ({ items }) => items.length === 0),
    drain(new Overview(source).refine(), ({ known, total }) => known <= total),
  ]
  await new Promise((resume) => setTimeout(resume, random() * 15))
  truncateSync(path, Math.floor(random() * 32 * MIB))
  for (const { status, reason } of await Promise.allSettled(work))
    if (status === 'rejected') unexpected.push(String(reason))
  await source.close()
}
console.log(JSON.stringify({ rounds: ROUNDS, unexpected }))
