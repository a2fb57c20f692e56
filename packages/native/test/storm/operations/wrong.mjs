// Arguments that TypeScript never lets through. C++ refuses them with a TypeError or a RangeError, and touches nothing.
import { equal, errorOf } from '../expect.mjs'

const NO_OFFSETS = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 64, '0', undefined, null, {}, 1n]
const NO_BYTES = [
  undefined,
  null,
  1,
  'abc',
  {},
  [1, 2],
  new ArrayBuffer(4),
  new Uint16Array(4),
  new DataView(new ArrayBuffer(4)),
]

function isRefused(call) {
  const { name } = errorOf(call)
  equal(name === 'TypeError' || name === 'RangeError', true)
}

const CALLS = [
  (native, bad) => native.copyOut(bad.offset, new Uint8Array(1)),
  (native, bad) => native.copyOut(0, bad.bytes),
  (native, bad) => native.getByte(bad.offset),
  (native, bad) => native.readAsync(bad.offset, 1),
  (native, bad) => native.readAsync(0, bad.offset),
  (native, bad) => native.find(bad.bytes, 0, 1, false),
  (native, bad) => native.find(new Uint8Array(1), bad.offset, 1, false),
  (native, bad) => native.find(new Uint8Array(1), 0, 1, bad.bytes),
  (native, bad) => native.findAsync(new Uint8Array(1), 0, bad.offset, false),
  (native, bad) => native.flush(bad.offset, 1),
  (native, bad) => native.releasePages(bad.offset, 1),
  (native, bad) => native.seekData(bad.offset),
  (native) => native.copyOut(native.byteLength, new Uint8Array(1)),
  (native) => native.getByte(native.byteLength),
  (native) => native.readAsync(1, native.byteLength),
  (native) => native.find(new Uint8Array(1), 1, 0, false),
  (native) => native.find(new Uint8Array(1), 0, native.byteLength + 1, true),
  (native) => native.flush(1, 1),
  (native) => native.flush(0, native.byteLength + 1),
  (native) => native.getByte.call({}, 0),
  (native) => native.getByte.call(Object.create(native), 0),
]

function wrongArguments(world) {
  const mapped = world.anyMapping()
  const bad = { offset: world.random.pick(NO_OFFSETS), bytes: world.random.pick(NO_BYTES) }
  isRefused(() => world.random.pick(CALLS)(mapped.native, bad))
}

function wrongMapping(world) {
  const { Mapping } = world.binding
  const good = { offset: 0, byteLength: 4096, access: 'read' }
  const options = world.random.pick([
    undefined,
    { ...good, offset: 1 },
    { ...good, offset: world.random.pick(NO_OFFSETS) },
    { ...good, byteLength: 0 },
    { ...good, byteLength: world.random.pick(NO_OFFSETS) },
    { ...good, access: 'none' },
    { ...good, access: undefined },
  ])
  isRefused(() => new Mapping(0, options))
  isRefused(() => Mapping(0, good))
}

export const wrongOperations = [
  { name: 'wrongArguments', weight: 4, run: wrongArguments },
  { name: 'wrongMapping', weight: 2, run: wrongMapping },
]
