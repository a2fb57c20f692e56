import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childAnswer, runChild } from './support/child.ts'
import { compile } from './support/compile.ts'
import { makeFile, temporaryFolder } from './support/files.ts'
import { nodes } from './support/nodes.ts'

const folder = temporaryFolder()
const byteLength = 300_000
const whole = sumOf(byteLength)

let files = 0
function file(): string {
  files += 1
  return makeFile(join(folder, `file-${files}`), Buffer.alloc(byteLength, 'abcdefgh'))
}

const inView = (offset: number, fileByteLength: number): unknown => ({
  code: 'FAULT',
  isInView: true,
  offset,
  fileByteLength,
})

// Of the third page the kernel shows zeros from byte 10,000 on; from 12,288 on there is nothing.
const afterCut = {
  whole: [whole, whole, whole],
  cut: sumOf(10_000),
  faults: 1,
  first: inView(12_288, 10_000),
  second: 'nothing',
  regrown: whole,
  isTrue: true,
}

describe.each(nodes)('a file that is cut while compiled JavaScript touches its bytes (%s)', (node) => {
  const kinds = ['export', 'window', 'latin1']
  const cases = ['read', 'write', 'copy'].flatMap((access) => kinds.map((kind) => [kind, access] as const))

  test.each(cases)(
    'through the %s of a %s mapping: zeros, FAULT in the next call, bytes again when it grows back',
    async (kind, access) => {
      expect(await childAnswer('view_faults.mjs', [file(), 'loop', access, kind], { node })).toEqual(afterCut)
    },
  )

  test.each(kinds)('through the %s of a mapping in a worker', async (kind) => {
    expect(await childAnswer('view_faults.mjs', [file(), 'worker', 'read', kind], { node })).toEqual(afterCut)
  })
})

test('through a SharedArrayBuffer, where Node has one over memory of ours', async () => {
  for (const node of nodes) {
    if (!(await hasShared(node))) continue
    expect(await childAnswer('view_faults.mjs', [file(), 'loop', 'read', 'shared'], { node })).toEqual(afterCut)
    expect(await childAnswer('view_faults.mjs', [file(), 'loop', 'write', 'shared'], { node })).toEqual(afterCut)
  }
})

async function hasShared(node: string): Promise<boolean> {
  return (await childAnswer('raw_life.mjs', [file(), 'has-shared'], { node })) === true
}

test('cut and grown again, over and over, while JavaScript reads: zeros or bytes, never an end, and whole in the end', async () => {
  for (const access of ['read', 'write']) {
    const answer = await childAnswer('view_faults.mjs', [file(), 'loop-while-cut', access])
    expect(answer).toEqual({ wrong: 0, areTold: true, isWhole: true })
  }
})

test('cut and grown again while JavaScript reads and jobs run: every job’s answer is true bytes, or unreadable', async () => {
  for (const access of ['write', 'copy']) {
    const answer = await childAnswer('view_faults.mjs', [file(), 'jobs-meanwhile', access])
    expect(answer).toEqual({ wrong: 0, isAnswered: true, areFaults: true })
  }
})

test('zeros in a view’s place, in a mapping that jobs are reading, do not pass for bytes; telling heals', async () => {
  expect(await childAnswer('view_faults.mjs', [file(), 'jobs-in-flight', 'write'])).toEqual({
    isTrue: true,
    untold: true,
    isHealed: true,
  })
})

test('without the file, what is lost stays lost: every call says so, and closing is possible', async () => {
  expect(await childAnswer('view_faults.mjs', [file(), 'without-file', 'write'])).toEqual({
    cut: 0,
    // The first page that was touched: where the file ends, nobody knows.
    calls: [inView(290_000, 0), inView(290_000, 0), inView(290_000, 0)],
    still: 0,
    afterClose: 'nothing',
  })
})

describe('a fault that nobody was told of', () => {
  test('is told by a closed mapping, once', async () => {
    expect(await childAnswer('view_faults.mjs', [file(), 'told-when-closed'])).toEqual({
      first: { offset: 12_288, fileByteLength: 10_000 },
      second: 'nothing',
    })
  })

  test('is told when the memory is gone already', async () => {
    const answer = await childAnswer('view_faults.mjs', [file(), 'told-when-collected'], { execArgv: ['--expose-gc'] })
    expect(answer).toEqual({ exports: 0, first: inView(12_288, 10_000), second: 'nothing' })
  })

  test('is told to each object that has the mapping open, once, and to none that opens it later', async () => {
    expect(await childAnswer('view_faults.mjs', [file(), 'each-is-told', 'write'])).toEqual({
      tellings: [true, true, false, false],
      later: { code: 'FAULT', offset: 0, fileByteLength: 0 },
    })
  })
})

test('a thread that never called into the addon (zlib’s) survives as well', async () => {
  for (const access of ['read', 'write']) {
    const answer = await childAnswer('view_faults.mjs', [file(), 'pool', access])
    expect(answer).toMatchObject({ isPacked: true, first: { code: 'FAULT', isInView: true, fileByteLength: 10_000 } })
  }
})

test('with as many mappings as there may be, the process goes on, and a view can still be patched', async () => {
  const answer = await childAnswer('view_faults.mjs', [file(), 'no-more-maps', 'write'])
  expect(answer).toEqual({
    isMany: true,
    refused: 'ENOMEM',
    whole,
    cut: sumOf(10_000),
    first: inView(12_288, 10_000),
    regrown: whole,
  })
})

describe('signals that are not ours, with views out', () => {
  test('process.on SIGBUS does not make a fault in a view endless once ensureFaultHandler is called, and hears what is sent', async () => {
    expect(await childAnswer('view_faults.mjs', [file(), 'listener'])).toEqual({ cut: 0, before: 0, after: 1 })
  })

  test('kill -BUS kills', async () => {
    const { signal, stdout } = await runChild('view_faults.mjs', [file(), 'kill'])
    expect({ signal, stdout }).toEqual({ signal: 'SIGBUS', stdout: '0\n' })
  })

  test('a fault of somebody else kills where it happens', async () => {
    const neighbour = compile(
      join(folder, 'neighbour.node'),
      ['children/neighbour.cc'],
      ['-std=c++17', '-shared', '-fPIC'],
    )
    const { signal, stdout } = await runChild('view_faults.mjs', [file(), 'foreign', 'read', 'export', neighbour])
    expect({ signal, stdout }).toEqual({ signal: 'SIGBUS', stdout: '0\n' })
  })

  test.each(nodes)('WebAssembly that reads outside its memory still traps (%s)', async (node) => {
    expect(await childAnswer('view_faults.mjs', [file(), 'wasm'], { node })).toEqual({
      inside: 0,
      before: 'RuntimeError',
      cut: 0,
      after: 'RuntimeError',
    })
  })
})

describe('pages of the file that cannot be had, one by one', () => {
  const mountPoint = join(folder, 'disk')
  mkdirSync(mountPoint)
  const mounted = (namespace: readonly string[]): string[] => [
    ...namespace,
    'sh',
    '-c',
    `mount -t tmpfs -o size=1m none '${mountPoint}' && exec "$@"`,
    'sh',
  ]
  const namespace = [
    ['unshare', '--mount'],
    ['unshare', '--user', '--map-root-user', '--mount'],
  ].find((candidate) => {
    const [command = '', ...rest] = [...mounted(candidate), 'true']
    return spawnSync(command, rest).status === 0
  })

  if (namespace === undefined) {
    // No small disk can be mounted here: the same memory, lost at the file's end instead.
    test('stores through a view that are lost fail the next flush', async () => {
      const answer = await childAnswer('view_faults.mjs', [file(), 'loop', 'write'])
      expect(answer).toMatchObject({ first: inView(12_288, 10_000) })
    })
  } else {
    test('stores through a view that a full disk cannot take are lost, the next flush says so, and it goes on after', async () => {
      const answer = await childAnswer('view_faults.mjs', [join(mountPoint, 'sparse'), 'full-disk'], {
        under: mounted(namespace),
      })
      const { faults, flush, ...rest } = answer as {
        readonly faults: number
        readonly flush: { readonly offset: number }
      }
      // 32 pages singly, and then everything from one on; those before it are faults of their own.
      expect(faults).toBeGreaterThan(32)
      expect(flush).toMatchObject({ code: 'FAULT', isInView: true, fileByteLength: 4 * 1024 ** 2 })
      expect(rest).toEqual({ areTrueOrZero: true, isLost: true, again: ['nothing', 7] })
    })
  }
})

function sumOf(length: number): number {
  return Buffer.alloc(length, 'abcdefgh').reduce((total, byte) => total + byte, 0)
}
