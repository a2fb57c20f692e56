import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childAnswer } from './support/child.ts'
import { compile } from './support/compile.ts'
import { makeFile, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const byteLength = 300_000

/** Each in a child: what this is about would end the process. The file is 'abcdefgh' over and over, then cut. */
async function afterCutting(call: string, cutTo: number, access = 'read'): Promise<unknown> {
  const path = makeFile(join(folder, `${call}-${cutTo}`), Buffer.alloc(byteLength, 'abcdefgh'))
  return childAnswer('truncate.mjs', [path, call, String(cutTo), access])
}

function fault(offset: number, fileByteLength: number): unknown {
  return { code: 'FAULT', offset, fileByteLength }
}

describe('a file cut to nothing', () => {
  test.each(['copyOut', 'getByte', 'find', 'findLast'])('%s throws FAULT', async (call) => {
    expect(await afterCutting(call, 0)).toEqual(fault(0, 0))
  })

  test.each(['copyIn', 'setByte'])('%s throws FAULT', async (call) => {
    expect(await afterCutting(call, 0, 'write')).toEqual(fault(0, 0))
  })

  test('readAsync says that all of it is unreadable', async () => {
    expect(await afterCutting('readAsync', 0)).toEqual({ byteLength, unreadable: [0, byteLength] })
  })

  test.each([
    ['findAsync', byteLength],
    ['findLastAsync', 0],
  ])('%s finds nothing, and says that all of it is unreadable', async (call, scannedTo) => {
    expect(await afterCutting(call, 0)).toEqual({
      offset: -1,
      scannedTo,
      cancelled: false,
      unreadable: [0, byteLength],
    })
  })

  test('matchAsync gives no hits, and says that all of it is unreadable', async () => {
    expect(await afterCutting('matchAsync', 0)).toEqual([
      { count: 0, scannedTo: byteLength, unreadable: [0, byteLength] },
      { count: 0, scannedTo: 0, unreadable: [0, byteLength] },
    ])
  })

  test('writeAsync rejects with FAULT', async () => {
    expect(await afterCutting('writeAsync', 0, 'write')).toEqual(fault(0, 0))
  })

  test('flushing and letting go of pages that are gone is no error', async () => {
    expect(await afterCutting('flush', 0, 'write')).toBe('done')
    expect(await afterCutting('releasePages', 0, 'write')).toBe('done')
  })

  test('a copy mapping loses its own pages with the file’s, and says so', async () => {
    expect(await afterCutting('changedCopy', 0, 'copy')).toEqual(fault(0, 0))
  })
})

// The kernel shows zeros from byte 5000 to the end of that page, without a signal: only the file's size tells that they are not true.
describe('a file cut to 5000 bytes, in the middle of its second page', () => {
  test('copyOut across the cut throws FAULT at 5000', async () => {
    expect(await afterCutting('copyOut', 5000)).toEqual(fault(5000, 5000))
  })

  test('copyOut that ends in the zeros of that page throws FAULT at 5000', async () => {
    expect(await afterCutting('copyOutOfLastPage', 5000)).toEqual(fault(5000, 5000))
  })

  test('readAsync has every byte before 5000 and none after', async () => {
    expect(await afterCutting('readAsync', 5000)).toEqual({ byteLength, unreadable: [5000, byteLength] })
    expect(await afterCutting('readBefore', 5000)).toEqual({ byteLength: 5000, unreadable: [], isTrue: true })
  })

  test('find finds what is before the cut, and throws FAULT rather than say that there is nothing more', async () => {
    expect(await afterCutting('findFirst', 5000)).toBe(0)
    expect(await afterCutting('find', 5000)).toEqual(fault(5000, 5000))
    expect(await afterCutting('findLast', 5000)).toEqual(fault(5000, 5000))
  })

  test('zeros after the cut are not found', async () => {
    expect(await afterCutting('findZeros', 5000)).toEqual(fault(5000, 5000))
    expect(await afterCutting('findZerosAsync', 5000)).toEqual([
      { offset: -1, scannedTo: byteLength, cancelled: false, unreadable: [5000, byteLength] },
      { offset: -1, scannedTo: 0, cancelled: false, unreadable: [5000, byteLength] },
    ])
  })

  test('matchAsync gives all hits before the cut and none of the zeros after it, in both directions', async () => {
    const gone = { scannedTo: byteLength, unreadable: [5000, byteLength] }
    expect(await afterCutting('matchAsync', 5000)).toEqual([
      { ...gone, count: 625, first: 0, last: 4992 },
      { ...gone, scannedTo: 0, count: 625, first: 4992, last: 0 },
    ])
    expect(await afterCutting('matchZerosAsync', 5000)).toEqual([
      { ...gone, count: 0 },
      { ...gone, scannedTo: 0, count: 0 },
    ])
  })

  test('findAsync finds the last match before the cut, from behind', async () => {
    expect(await afterCutting('findLastPresentAsync', 5000)).toEqual({
      offset: 4992,
      scannedTo: 4992,
      cancelled: false,
      unreadable: [5000, byteLength],
    })
  })

  test('writeAsync across the cut stores nothing; copyIn stores what is before it', async () => {
    expect(await afterCutting('writeAcross', 5000, 'write')).toEqual({ error: fault(5000, 5000), stored: 'abcdefgh' })
    expect(await afterCutting('copyInAcross', 5000, 'write')).toEqual({ error: fault(5000, 5000), stored: 'XXXXXXXX' })
  })
})

test('a file that grows back reads right, also where it had faulted', async () => {
  expect(await afterCutting('regrow', 0)).toEqual({
    fault: fault(0, 0),
    unreadable: [],
    first: 'newnewne',
    found: byteLength - 1,
  })
})

test('cut again and again while 300 reads, searches and matches run, every answer is true bytes or unreadable', async () => {
  expect(await afterCutting('race', byteLength)).toEqual({ wrong: 0, answers: 300 })
})

// Without the comparison of the file before and after, some forty answers of a run are wrong; without the slowness, one in many runs.
test('cut and grown again, over and over, while reads and searches run: no zeros that were never in the file', async () => {
  const slow = compile(join(folder, 'slow_status.so'), ['children/slow_status.cc'], ['-std=c++17', '-shared', '-fPIC'])
  const answer = await childAnswer('flicker.mjs', [join(folder, 'flicker'), '3000'], {
    under: ['env', `LD_PRELOAD=${slow}`],
  })
  const { wrong, answers } = answer as { readonly wrong: unknown; readonly answers: Readonly<Record<string, number>> }
  expect(wrong).toEqual({
    readAsync: 0,
    readIntoAsync: 0,
    findAsync: 0,
    findLastAsync: 0,
    find: 0,
    matchAsync: 0,
    matchLastAsync: 0,
    matchZerosAsync: 0,
  })
  for (const count of Object.values(answers)) expect(count).toBeGreaterThan(100)
})

test('nothing (0 bytes) is copied from and to what was cut off without a fault', async () => {
  expect(await afterCutting('emptyCopies', 0, 'write')).toBe('done')
})

// A mount namespace of the child's own: the file system goes when the child does. Without the right to one, the disk cannot be filled
// safely, and the same path is taken by a file that is cut while it is being stored to.
const namespaces = [
  ['unshare', '--mount'],
  ['unshare', '--user', '--map-root-user', '--mount'],
]
const mountPoint = join(folder, 'disk')
mkdirSync(mountPoint)
const mounted = (namespace: readonly string[]): string[] => [
  ...namespace,
  'sh',
  '-c',
  `mount -t tmpfs -o size=1m none '${mountPoint}' && exec "$@"`,
  'sh',
]
const namespace = namespaces.find((candidate) => {
  const [command = '', ...rest] = [...mounted(candidate), 'true']
  return spawnSync(command, rest).status === 0
})

if (namespace === undefined) {
  test('a store to pages that cannot be had (cut, since no small disk can be mounted here) rejects with FAULT', async () => {
    expect(await afterCutting('writeWhileCut', 0, 'write')).toEqual(fault(0, 0))
  })
} else {
  // On such a disk a hole cannot even be read, though it lies well inside the file: the only bad pages to be had without bad hardware.
  test('a disk that fills up (a sparse file of 4 MiB on a file system of 1 MiB) is FAULT, and what is beyond the bad pages is found', async () => {
    const answer = await childAnswer('full_disk.mjs', [join(mountPoint, 'sparse')], { under: mounted(namespace) })
    const { bad, ...rest } = answer as { readonly bad: { readonly start: number; readonly end: number } }
    expect(bad.start).toBeGreaterThan(500_000)
    expect(bad).toEqual({ start: Math.floor(bad.start / 4096) * 4096, end: 4 * 1024 ** 2 - 4096 })
    const whole = 4 * 1024 ** 2
    const refused = { code: 'FAULT', offset: bad.start, fileByteLength: whole }
    const gap = [bad.start, bad.end]
    expect(rest).toEqual({
      writeAsync: refused,
      copyIn: refused,
      setByte: refused,
      copyOut: refused,
      getByte: refused,
      moveInto: refused,
      moveFrom: refused,
      populateAsync: refused,
      find: refused,
      findLast: { ...refused, offset: bad.end - 4096 },
      readAsync: gap,
      isReadTrue: true,
      findLastPageAsync: { offset: whole - 4, scannedTo: whole, cancelled: false, unreadable: gap },
      findFirstPageAsync: { offset: 0, scannedTo: 0, cancelled: false, unreadable: gap },
      findBeforeGapAsync: { offset: bad.start - 4, scannedTo: bad.start, cancelled: false, unreadable: [] },
      findAcrossGapAsync: { offset: -1, scannedTo: whole, cancelled: false, unreadable: gap },
      matchAsync: { offsets: [0, bad.start - 4, whole - 4], scannedTo: whole, unreadable: gap },
      matchLastAsync: { offsets: [whole - 4, bad.start - 4, 0], scannedTo: 0, unreadable: gap },
    })
  })
}
