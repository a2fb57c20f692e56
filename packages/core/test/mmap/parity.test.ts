import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { constants } from '../../src/index.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, TempFolder } from '../support/temp.ts'
import { ourAnswers } from './parity/our_mmap.ts'
import { PYTHON, pythonAnswers } from './parity/python_mmap.ts'
import { type Ground, randomSteps } from './parity/steps.ts'
import type { Answer, Task } from './parity/task.ts'

const { PAGESIZE: PAGE, MAP_PRIVATE, MAP_SHARED, PROT_EXEC, PROT_READ, PROT_WRITE } = constants
const folder = new TempFolder()
const STEPS_EACH = 400
const LAST: Task['operations'] = [
  ['length'],
  ['size'],
  ['flush'],
  ['at', 0],
  ['read'],
  ['tell'],
  ['seekable'],
  ['close'],
]

/** Advice that has the same effect, or none, on both. `MADV_FREE` forgets when the kernel likes; `MADV_HWPOISON` breaks the machine. */
const ADVICE = [...numbersOf(['WILLNEED', 'DONTNEED', 'REMOVE', 'COLD', 'PAGEOUT']), 77_777, -1, 'x', null]
const KEPT_ADVICE = numbersOf([
  'RANDOM',
  'SEQUENTIAL',
  'NORMAL',
  'DONTFORK',
  'DOFORK',
  'HUGEPAGE',
  'DONTDUMP',
  'DODUMP',
])

function numbersOf(names: readonly string[]): unknown[] {
  const all = constants as unknown as Record<string, number | undefined>
  return names.map((name) => all[`MADV_${name}`]).filter((advice) => advice !== undefined)
}

interface Case {
  readonly title: string
  readonly access: Task['access']
  readonly flags?: number
  readonly prot?: number
  /** Absent: anonymous memory. */
  readonly file?: { readonly byteLength: number; readonly offset: number; readonly length: number }
}

const wholeFile = { byteLength: 3 * PAGE + 100, offset: 0, length: 0 }
const insideFile = { byteLength: 4 * PAGE + 57, offset: PAGE, length: PAGE + 50 }
const CASES: readonly Case[] = [
  ...(['default', 'read', 'write', 'copy'] as const).flatMap((access): Case[] => [
    { title: `a file, ${access}`, access, file: wholeFile },
    { title: `a part of a file, ${access}`, access, file: insideFile },
    { title: `memory, ${access}`, access },
  ]),
  { title: 'a file, MAP_PRIVATE', access: null, flags: MAP_PRIVATE, file: wholeFile },
  { title: 'a file, PROT_READ', access: null, prot: PROT_READ, file: wholeFile },
  { title: 'a file, PROT_WRITE', access: null, prot: PROT_WRITE, file: wholeFile },
  { title: 'a file, every bit', access: null, flags: MAP_SHARED, prot: PROT_READ | PROT_WRITE, file: insideFile },
  { title: 'memory, MAP_PRIVATE', access: null, flags: MAP_PRIVATE },
  { title: 'memory, MAP_PRIVATE and PROT_READ', access: null, flags: MAP_PRIVATE, prot: PROT_READ },
]

function expectSame(task: Task, ours: readonly Answer[], theirs: readonly Answer[] | undefined): void {
  for (const [at, answer] of ours.entries()) {
    const step = at === 0 ? { ...task, operations: undefined } : task.operations[at - 1]
    expect(answer, `step ${at}: ${JSON.stringify(step)}`).toEqual(theirs?.[at])
  }
  expect(theirs).toHaveLength(ours.length)
}

describe(`the same answers as ${PYTHON}’s mmap (seed ${SEED})`, () => {
  test.each(CASES.map((each, index) => ({ ...each, index })))('$title', async ({ index, access, file, ...bits }) => {
    const random = new Random(SEED + index)
    const content = random.bytes(file?.byteLength ?? 0, 3).map((byte) => (byte === 2 ? 10 : byte))
    const [our, their] = [folder.file(content), folder.file(content)]
    const offset = file?.offset ?? random.pick([0, PAGE])
    const length = file?.length ?? 2 * PAGE + 10
    const ground: Ground = {
      length: length || content.length - offset,
      low: 0,
      reach: 16 * PAGE,
      advice: ADVICE,
      keptAdvice: KEPT_ADVICE,
      fileOffset: file && 0,
    }
    const operations = [
      ...randomSteps(random, ground, STEPS_EACH),
      ['iterate'],
      ['close'],
      ['close'],
      ...LAST,
    ] as Task['operations']
    const task = { length, offset, access, flags: bits.flags ?? null, prot: bits.prot ?? null, operations }
    const [theirs] = await pythonAnswers([{ ...task, path: file ? their : null }])
    const ours = ourAnswers({ ...task, path: file ? our : null })
    expectSame({ ...task, path: our }, ours, theirs)
    expect(readFileSync(our).equals(readFileSync(their))).toBe(true)
    expect(ours.filter((answer) => 'value' in answer).length).toBeGreaterThan(STEPS_EACH / 4)
  })

  test('6 GiB of a sparse file', async () => {
    const random = new Random(SEED)
    const length = 6 * GIB + 123
    const near = 5 * GIB + 3 * PAGE - 20
    const marks = Array.from({ length: 60 }, (_, index) => ({
      offset: near + 97 * index,
      text: '\0\x01\n\x02'.slice(index % 3),
    }))
    const [our, their] = [folder.sparse(length, marks), folder.sparse(length, marks)]
    const ground: Ground = {
      length: near + 6000,
      low: near,
      reach: 6000,
      advice: ADVICE,
      keptAdvice: KEPT_ADVICE,
      fileOffset: near,
    }
    // Resizing to the ground's length first lets every end lie near the marks.
    const operations = [
      ['resize', ground.length],
      ['seek', near],
      ...randomSteps(random, ground, 800),
      ['close'],
    ] as Task['operations']
    const task = { length: 0, offset: 0, access: 'write', flags: null, prot: null, operations }
    const [theirs] = await pythonAnswers([{ ...task, path: their }])
    expectSame({ ...task, path: our }, ourAnswers({ ...task, path: our }), theirs)
  })
})

describe(`the same maps are made and refused as by ${PYTHON} (seed ${SEED})`, () => {
  const directory = folder.fresh('directory')
  mkdirSync(directory)
  const pipe = folder.fresh('pipe')
  execFileSync('mkfifo', [pipe])
  const content = new Uint8Array(2 * PAGE + 10).fill(1)
  const paths = [
    folder.file(content),
    folder.file(content),
    folder.file(content),
    folder.file(''),
    directory,
    pipe,
    '/dev/zero',
    null,
  ]

  /** Only stores: a map of any kind takes or refuses them, and reading some kinds would end Python. */
  const operations: Task['operations'] = [['length'], ['set', 0, 1], ['flush'], ['close']]

  function randomOffset(random: Random, isUsual: boolean): unknown {
    return isUsual ? random.pick([0, 0, PAGE, 2 * PAGE]) : random.pick([0, 1, -1, -PAGE, 3 * PAGE, 2 ** 45, 'x', 1.5])
  }

  function randomTask(random: Random): Task {
    const path = random.pick(paths)
    const usual = random.chance(0.7)
    return {
      path,
      ...(path === null && random.chance(0.2) ? { fd: random.pick([-2, 99_999, 2 ** 31]) } : {}),
      mode:
        path === directory
          ? 'O_RDONLY'
          : path === pipe
            ? 'O_RDWR'
            : random.pick(['O_RDONLY', 'O_RDWR', 'O_RDWR', 'O_WRONLY']),
      length: usual
        ? random.pick([0, 1, PAGE, 2 * PAGE + 10])
        : random.pick([-1, 2 * PAGE + 11, 2 ** 50, 1.5, 'x', null, 2 ** 63]),
      // Behind its start, /dev/zero is deadly to touch: the kernel gives the map as many bytes as it has, counted from 0.
      offset: path === '/dev/zero' ? 0 : randomOffset(random, usual),
      access: random.pick([null, null, 'default', 'read', 'write', 'copy', 'execute']),
      flags: random.chance(0.6)
        ? null
        : random.pick([MAP_SHARED, MAP_PRIVATE, 0, MAP_SHARED | (constants.MAP_NORESERVE ?? 0), 2 ** 33]),
      prot: random.chance(0.6)
        ? null
        : random.pick([PROT_READ | PROT_WRITE, PROT_READ, PROT_WRITE, 0, PROT_READ | PROT_EXEC, PROT_EXEC]),
      operations,
    }
  }

  test('3,000 random ones, and no descriptor is left behind', async () => {
    const random = new Random(SEED)
    const tasks = Array.from({ length: 3000 }, () => randomTask(random))
    const theirs = await pythonAnswers(tasks)
    const descriptors = readdirSync('/proc/self/fd').length
    for (const [index, task] of tasks.entries()) expectSame(task, ourAnswers(task), theirs[index])
    expect(readdirSync('/proc/self/fd')).toHaveLength(descriptors)
    expect(theirs.filter(([made]) => made !== undefined && 'value' in made).length).toBeGreaterThan(300)
  })
})
