// What happens to the files behind the mappings' backs.
import { PAGE } from '../memory.mjs'

/** A private store in flight would leave nobody to tell what became of it. */
function anyFile(world, isFit) {
  const hasPrivateStore = (memory) =>
    world.mappings.some((mapped) => mapped.memory === memory && mapped.own && mapped.flights.count > 0)
  const fit = world.memories.filter((memory) => memory.isFile && isFit(memory) && !hasPrivateStore(memory))
  return fit.length === 0 ? undefined : world.random.pick(fit)
}

/** Anywhere: to nothing, to a page's edge, in the middle of a page. */
function cut(world) {
  const memory = anyFile(world, ({ byteLength }) => byteLength > 0)
  if (memory === undefined) return
  const byteLength = world.random.below(memory.byteLength)
  memory.cut(world.random.chance(3) ? Math.floor(byteLength / PAGE) * PAGE : byteLength)
  world.resized(memory)
}

function grow(world) {
  const memory = anyFile(world, ({ byteLength, bytes }) => byteLength < bytes.byteLength)
  if (memory === undefined) return
  const start = memory.byteLength
  const room = memory.bytes.byteLength - start
  const bytes = world.random.bytes(world.random.chance(3) ? 1 + world.random.below(room) : room)
  memory.append(bytes)
  world.changed(memory, start, bytes)
  world.resized(memory)
}

function cutAndGrow(world) {
  cut(world)
  grow(world)
}

function overwrite(world) {
  const memory = anyFile(world, (file) => file.byteLength > 0 && !world.hasPending(file))
  if (memory === undefined) return
  const { start, end } = world.random.range(memory.byteLength)
  const bytes = world.random.bytes(end - start)
  memory.overwrite(start, bytes)
  world.changed(memory, start, bytes)
}

export const fileOperations = [
  { name: 'cut', weight: 2, run: cut },
  { name: 'grow', weight: 4, run: grow },
  { name: 'cutAndGrow', weight: 2, run: cutAndGrow },
  { name: 'overwrite', weight: 3, run: overwrite },
]
