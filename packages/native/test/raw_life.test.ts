import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childAnswer, runChild } from './support/child.ts'
import { GiB, makeFile, makeSparseFile, TiB, temporaryFolder } from './support/files.ts'
import { nodes } from './support/nodes.ts'

const folder = temporaryFolder()

let files = 0
function file(): string {
  files += 1
  return makeFile(join(folder, `file-${files}`), Buffer.alloc(300_000, 'abcdefgh'))
}

describe.each(nodes)('with %s', (node) => {
  const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
  const isTwenty = version.startsWith('20.')
  const options = { node, execArgv: ['--expose-gc'], timeoutMs: 60_000 }
  const answer = (way: string, access = 'read', path = file()): Promise<unknown> =>
    childAnswer('raw_life.mjs', [path, way, access], options)

  test.each(['read', 'write', 'copy'])(
    'a buffer of a %s mapping that was transferred away shows zeros after close, which may be stored to',
    async (access) => {
      const expected = isTwenty
        ? 'no transfer'
        : { before: 98, gone: [false, false], after: [7, 7, 300_000], later: 7, inFile: 98 }
      expect(await answer('transfer', access)).toEqual(expected)
    },
  )

  test.each(['read', 'write', 'copy'])('a buffer of a %s mapping that was marked as untransferable', async (access) => {
    expect(await answer('untransferable', access)).toEqual({ exports: 1, gone: [true, true], still: [false, false] })
  })

  test.each(['read', 'write'])(
    'a buffer of a %s mapping that nobody closed keeps its bytes alone, and lets all go in the end',
    async (access) => {
      expect(await answer('only-the-view', access)).toEqual({ isTrue: true, isGone: true })
    },
  )

  test('closed during an fs.write, the write still has the whole length, and nothing ends', async () => {
    for (const access of ['read', 'write']) {
      expect(await answer('write-in-flight', access)).toEqual({ isWhole: true, isDetached: true, isGone: true })
    }
  })

  test('released during an fs.write, the write has the bytes', async () => {
    expect(await answer('write-while-released')).toEqual({ exports: 0, isTrue: true })
  })

  test('closed during a socket’s write, the other side gets the whole length, and nothing ends', async () => {
    expect(await answer('socket-in-flight')).toEqual({ received: true, isGone: true })
  })

  // It looks for its input again after each piece. That is Node's own, in every buffer that is detached under it.
  test('closed during a gzip, no memory is touched that is gone; zlib’s own answer is an error, in Node 20 an abort', async () => {
    if (isTwenty) {
      const { signal, stderr } = await runChild('raw_life.mjs', [file(), 'gzip-in-flight'], options)
      expect(signal).toBe('SIGABRT')
      expect(stderr).toContain('Assertion failed: Buffer::IsWithinBounds(in_off, in_len, Buffer::Length(in_buf))')
    } else {
      expect(await answer('gzip-in-flight')).toEqual({ outcome: 'RangeError', isGone: true })
    }
  })

  test('closed while 20 reads are on the pool, each has true bytes; then zeros stand where something points still', async () => {
    expect(await answer('close-while-reading')).toEqual({ isTrue: true, rest: 0, isGone: true })
  })

  test('10,000 times mapped, exported, half of them closed, a third of them released: nothing stays mapped or open', async () => {
    expect(await answer('cycles')).toEqual({ isGone: true, descriptors: false })
  })

  test('a worker that ends or is ended with everything out leaves nothing behind', async () => {
    for (const access of ['read', 'write']) {
      const left = { during: true, isGone: true }
      expect(await answer('worker', access)).toEqual([left, left])
    }
  })

  test('a SharedArrayBuffer is one memory in two threads; closed, it shows zeros, and it counts until it is collected', async () => {
    if ((await answer('has-shared')) !== true) {
      expect(isTwenty).toBe(true)
      return
    }
    const rest = { seen: 102, counted: 1, closed: [0, false, 1], isCollected: true }
    expect(await answer('shared', 'write')).toEqual({ ...rest, stored: [7, 7, 7] })
    expect(await answer('shared', 'copy')).toEqual({ ...rest, stored: [7, 7, 102] })
    expect(await answer('shared', 'read')).toEqual({ ...rest, stored: [7, 102, 102] })
  })

  test('a longer buffer than the engine has is RANGE, again and again; the longest reaches the last byte', async () => {
    const path = makeSparseFile(join(folder, `long-${version.trim()}`), 10 * GiB, [{ offset: 10 * GiB - 1, text: 'z' }])
    const results = Array.from({ length: 3 }, () => (isTwenty ? 'RANGE' : 10 * GiB))
    expect(await answer('too-long', 'read', path)).toEqual({ results, last: 122, exports: isTwenty ? 1 : 4 })
  })

  test('raw memory of a TiB does not make V8 collect garbage over and over', async () => {
    const path = makeSparseFile(join(folder, `garbage-${version.trim()}`), TiB, [])
    const found = (await answer('garbage', 'read', path)) as Readonly<Record<'making' | 'having' | 'small', number>>
    // Each collection shows as two, its start and its end, and V8 may be at one for reasons of its own; 200 buffers would show as 400.
    expect(found.making).toBeLessThanOrEqual(6)
    expect(found.having).toBeLessThanOrEqual(2)
    expect(found.small).toBeLessThanOrEqual(2)
  })

  test('a mapping shared with a worker is the same memory, private changes included, until the last of the two closes it', async () => {
    for (const access of ['write', 'copy']) {
      expect(await answer('share', access)).toEqual({
        seen: 7,
        back: 8,
        open1: true,
        after: { byte: 7, id: 1 },
        isGone: true,
        later: 'CLOSED',
      })
    }
  })
})
