// Copies of more than 4 GiB at once, which takes as much memory, and a Node whose arrays may be that long.
import { binding } from '../../dist/index.js'

const byteLength = 4 * 1024 ** 3 + 65_536
const { MAP_PRIVATE, MAP_NORESERVE } = binding.constants
const mapping = new binding.Mapping(-1, { offset: 0, byteLength, access: 'copy', flags: MAP_PRIVATE | MAP_NORESERVE })
const places = [0, 2 ** 31 - 1, 2 ** 32, byteLength - 1]
const array = new Uint8Array(byteLength)

/** The marks of some kind, and no others around them. */
function areMarked(read, mark) {
  return places.every((place, i) => read(place) === mark + i && (place === 0 || read(place - 1) === 0))
}
const inArray = (place) => array[place]
const inMapping = (place) => mapping.getByte(place)
function markArray(mark) {
  for (const [i, place] of places.entries()) array[place] = mark + i
}

const outcome = {}
markArray(1)
mapping.copyIn(0, array)
outcome.copyIn = areMarked(inMapping, 1)

markArray(11)
mapping.copyOut(0, array)
outcome.copyOut = areMarked(inArray, 1)

markArray(11)
outcome.unreadable = await mapping.readIntoAsync(0, array).result
outcome.readIntoAsync = areMarked(inArray, 1)

mapping.move(0, 1, byteLength - 1)
outcome.move = places.slice(1).every((place, i) => mapping.getByte(place - 1) === 2 + i)
console.log(JSON.stringify(outcome))
