// Mappings come and go: closed, closed while jobs are in flight, or forgotten for the collector to find.
import { closeSync, readdirSync, statSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { equal, errorOf } from '../expect.mjs'
import { Mapped } from '../mapped.mjs'
import { Memory, PAGE } from '../memory.mjs'

function mapFile(world) {
  if (world.isFull) return
  const memory = world.random.pick(world.memories.filter(({ isFile, byteLength }) => isFile && byteLength > 0))
  if (memory === undefined) return
  const offset = Math.floor(world.random.below(memory.byteLength) / PAGE) * PAGE
  const byteLength = 1 + world.random.below(memory.bytes.byteLength - offset)
  const access = world.random.pick(['read', 'write', 'write', 'copy'])
  world.map(memory, { offset, byteLength: Math.min(byteLength, memory.byteLength - offset), access })
}

function mapUntracked(world) {
  if (world.isFull) return
  const memory = world.random.pick(world.memories.filter(({ isFile, byteLength }) => isFile && byteLength > 0))
  if (memory === undefined) return
  const access = world.random.pick(['read', 'write'])
  world.map(memory, { offset: 0, byteLength: memory.byteLength, access, keepsFile: false })
}

function mapAnonymous(world) {
  if (world.isFull) return
  const byteLength = 1 + world.random.below(200_000)
  const memory = new Memory(undefined, new Uint8Array(byteLength), byteLength)
  world.map(memory, { offset: 0, byteLength, access: world.random.pick(['write', 'copy']) })
}

function close(world) {
  if (world.mappings.length < 3) return
  closeMapped(world, world.random.pick(world.mappings))
}

/** Exports that are out are taken back. */
export function closeMapped(world, mapped) {
  world.forget(mapped)
  mapped.native.close()
  for (const { buffer } of mapped.exports) equal(buffer.byteLength, 0)
  if (world.random.chance(2)) mapped.native.close()
  equal(mapped.native.closed, true)
  equal(mapped.native.byteLength, mapped.byteLength)
  for (const call of CALLS_OF_A_CLOSED_ONE) equal(errorOf(() => call(mapped.native)).code, 'CLOSED')
}

const CALLS_OF_A_CLOSED_ONE = [
  (native) => native.copyOut(0, new Uint8Array(1)),
  (native) => native.getByte(0),
  (native) => native.find(new Uint8Array(1), 0, 1, false),
  (native) => native.flush(0, 1),
  (native) => native.readAsync(0, 1),
  (native) => native.findAsync(new Uint8Array(1), 0, 1, true),
  (native) => native.flushAsync(0, 1),
  (native) => native.releasePages(0, 1),
  (native) => native.status(),
  (native) => native.seekHole(0),
]

/** Dropped without a close, jobs, views and all. (One that is open twice would be in its sibling's way for nobody knows how long.) */
function forget(world) {
  const mapped = world.anyMapping(({ group }) => group.size === 1)
  if (mapped !== undefined && world.mappings.length > 2) world.forget(mapped)
}

/** The very same mapping once more, as another thread would have it. */
function openShared(world) {
  const mapped = world.anyMapping()
  if (world.isFull) return
  const id = mapped.native.share()
  equal(mapped.native.share(), id)
  world.mappings.push(new Mapped(world.binding.openShared(id), mapped.memory, { ...mapped, sibling: mapped }))
}

async function collect() {
  globalThis.gc()
  await turn()
}

async function land(world) {
  await world.land()
}

/** Errors on the way to a mapping leave nothing behind: counted at the end, when descriptors are. */
function failToMap(world) {
  const { Mapping } = world.binding
  const options = { offset: 0, byteLength: 4096, access: 'read' }
  equal(errorOf(() => new Mapping(999_999, options)).errnoName, 'EBADF')
  equal(errorOf(() => new Mapping(0, { ...options, byteLength: 2 ** 53 - 1 })).code, 'OS')
}

function openBeneath(world) {
  const { binding } = world
  const name = world.random.pick(readdirSync(world.folder))
  const folder = binding.openBeneath(world.rootDescriptor, '', { isWritable: false })
  const opened = binding.openBeneath(folder.fd, name, { isWritable: world.random.chance(2) })
  equal(opened.status.byteLength, statSync(`${world.folder}/${name}`).size)
  equal(errorOf(() => binding.openBeneath(folder.fd, `../${name}`, { isWritable: false })).code, 'OS')
  closeSync(folder.fd)
  closeSync(opened.fd)
}

export const lifeOperations = [
  { name: 'mapFile', weight: 6, run: mapFile },
  { name: 'mapUntracked', weight: 1, run: mapUntracked },
  { name: 'mapAnonymous', weight: 3, run: mapAnonymous },
  { name: 'close', weight: 4, run: close },
  { name: 'forget', weight: 1, run: forget },
  { name: 'openShared', weight: 2, run: openShared },
  { name: 'collect', weight: 1, run: collect },
  { name: 'land', weight: 3, run: land },
  { name: 'failToMap', weight: 1, run: failToMap },
  { name: 'openBeneath', weight: 1, run: openBeneath },
]
