import { constants } from '../../../src/index.ts'
import type { Random } from '../../support/random.ts'
import { type Step, toHex } from './task.ts'

const PAGE = constants.PAGESIZE

/** Where operations fall: anywhere in a small map, near one place of a huge one. */
export interface Ground {
  /** Bytes of the map as far as the generator knows; resizes change it. */
  length: number
  /** Places are picked from `low` to the length; all of a small map. */
  readonly low: number
  /** Most bytes that one operation may copy or look through. */
  readonly reach: number
  /** Advice that means the same to both, whatever the map. */
  readonly advice: readonly unknown[]
  /** Advice that the kernel keeps with the pages: given to some of them, it makes Python's resize fail after it has cut the file. */
  readonly keptAdvice: readonly unknown[]
  /** The map's file, which an operation now and then reads beside the map. */
  readonly fileOffset: number | undefined
}

const NO_INTEGERS = [1.5, '1', [1], 'start'] as const
const STEPS = [null, 1, 2, 3, -1, -2, 7, 5000, -5000, 0, 2 ** 53 - 1, -(2 ** 53) + 1] as const
const OPERATIONS: Readonly<Record<string, (random: Random, ground: Ground) => Step>> = {
  at: (random, ground) => ['at', oddly(random, place(random, ground))],
  set: (random, ground) => ['set', oddly(random, place(random, ground)), byte(random)],
  slice: (random, ground) => ['slice', ...bounds(random, ground), random.pick(STEPS)],
  setSlice: assignment,
  read: (random, ground) => pickStep(random, 'read', [ground.reach, null, -1, 0, 1, 7, PAGE, 1.5, 'x'], ground),
  readByte: () => ['readByte'],
  readLine: () => ['readLine'],
  write: (random) => ['write', random.chance(0.95) ? bytes(random, 40) : random.pick(['text', 1, null])],
  writeByte: (random) => ['writeByte', byte(random)],
  seek,
  tell: () => ['tell'],
  seekable: () => ['seekable'],
  find: (random, ground) => ['find', ...search(random, ground)],
  rfind: (random, ground) => ['rfind', ...search(random, ground)],
  move: (random, ground) => ['move', place(random, ground), place(random, ground), random.between(-1, 300)],
  flush: (random, { length }) =>
    random.pick<Step>([
      ['flush'],
      ['flush', 0, length],
      ['flush', PAGE],
      ['flush', PAGE, 5],
      ['flush', 1, 1],
      ['flush', length],
      ['flush', length + 1],
      ['flush', 0, length + 1],
      ['flush', -1, 1],
      ['flush', 0, -1],
      ['flush', 'x'],
    ]),
  advise: (random, { length, advice, keptAdvice }) => {
    if (random.chance(0.4)) return ['advise', random.pick(keptAdvice)]
    const start = random.pick([0, 0, PAGE, 2 * PAGE, 1, length - 1, length, -1])
    const size = random.pick([1, PAGE, 0, -1, length, length + PAGE, 2 ** 53 - 1])
    return random.pick<Step>([
      ['advise', random.pick(advice)],
      ['advise', random.pick(advice), start],
      ['advise', random.pick(advice), start, size],
    ])
  },
  resize,
  size: () => ['size'],
  length: () => ['length'],
}

const NAMES = Object.keys(OPERATIONS)
/** The costlier or more telling, a second time. */
const WEIGHED = [...NAMES, 'slice', 'setSlice', 'find', 'rfind', 'write', 'read', 'readLine', 'seek', 'seek', 'move']

/** `count` operations; those that have been refused by nobody so far are not told from others. */
export function randomSteps(random: Random, ground: Ground, count: number): Step[] {
  return Array.from({ length: count }, (_, index) => {
    const isLook = index % 25 === 24 && ground.fileOffset !== undefined
    return isLook ? ['file', ground.fileOffset, ground.reach] : randomStep(random, ground)
  })
}

function randomStep(random: Random, ground: Ground): Step {
  // A resize moves everything under the other operations: now and then is enough.
  const name = random.pick(WEIGHED.filter((each) => each !== 'resize' || random.chance(0.4)))
  return (OPERATIONS[name] as (random: Random, ground: Ground) => Step)(random, ground)
}

/** Mostly inside the map, sometimes at its edges or outside. */
function place(random: Random, { length, low }: Ground): number {
  const kind = random.between(0, 19)
  if (kind === 0) return random.pick([2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 44, -(2 ** 44)])
  if (kind < 5) return random.pick([low, -1, length - 1, length, length + 1, -length, -length - 1])
  return random.chance(0.2) ? random.between(low - length - 3, -1) : random.between(low, length + 3)
}

/** Now and then no integer at all. */
function oddly(random: Random, value: unknown): unknown {
  return random.chance(0.04) ? random.pick(NO_INTEGERS) : value
}

function byte(random: Random): unknown {
  return random.chance(0.2) ? random.pick([256, -1, 2.5, 'x', 2 ** 40]) : random.between(0, 255)
}

/** Few different bytes, line feeds among them, so that searches hit. */
function bytes(random: Random, most: number): { hex: string } {
  return toHex(Uint8Array.from({ length: random.between(0, most) }, () => random.pick([0, 1, 2, 10])))
}

/** Bounds that hold few enough bytes. */
function bounds(random: Random, ground: Ground): [number | null, number | null] {
  const isSmall = ground.length <= ground.reach
  const pick = (): number | null => (isSmall && random.chance(0.1) ? null : place(random, ground))
  if (isSmall) return [pick(), pick()]
  const start = random.between(ground.low, ground.length + 3)
  return [start, start + random.between(-50, ground.reach)]
}

function assignment(random: Random, ground: Ground): Step {
  const start = random.between(Math.max(0, ground.low - 3), ground.length + 3)
  const step = random.pick([null, null, 1, 1, 2, -1, -3, 0])
  const count = random.between(0, 30)
  const source = Uint8Array.from({ length: count }, () => random.pick([0, 1, 2, 10]))
  // As many places as there are bytes (when they lie inside), or one more or less.
  const end = start + count * (step === null || step === 0 ? 1 : step) + random.pick([0, 0, 0, 0, 1, -1])
  return ['setSlice', start, Math.max(0, end), step, random.chance(0.95) ? toHex(source) : random.pick(['text', 7])]
}

function search(random: Random, ground: Ground): unknown[] {
  const needle = random.chance(0.97) ? bytes(random, 5) : random.pick(['text', 7])
  if (ground.length > ground.reach) return [needle, ...bounds(random, ground)]
  const [start, end] = bounds(random, ground)
  return random.pick([[needle], [needle, start], [needle, start, end]])
}

function seek(random: Random, ground: Ground): Step {
  const { length, low } = ground
  return random.pick<Step>([
    ['seek', oddly(random, place(random, ground))],
    ['seek', random.between(low, length), random.pick(['start', 0])],
    ['seek', random.between(-200, 200), random.pick(['current', 1])],
    ['seek', random.between(-Math.min(300, length - low) - 1, 1), random.pick(['end', 2])],
    ['seek', 0, random.pick([5, -1, 'middle', 1.5])],
  ])
}

function pickStep(random: Random, name: string, values: readonly unknown[], { length, reach }: Ground): Step {
  const value = random.pick([...values, undefined])
  const isWhole = value === undefined || value === null || value === -1
  if (isWhole && length > reach) return [name, 9]
  return value === undefined ? [name] : [name, value]
}

/** The generator's length follows, whether or not the map can be resized: it only decides where operations fall. */
function resize(random: Random, ground: Ground): Step {
  const change = random.pick([0, 1, -1, 100, PAGE, -PAGE, 2 * PAGE, -2 * PAGE])
  if (random.chance(0.2)) return ['resize', random.pick([0, -1, -PAGE, 'x', 1.5])]
  const length = Math.max(ground.low + 1, ground.length + change)
  ground.length = length
  return ['resize', length]
}
