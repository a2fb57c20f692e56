import { mkdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { childAnswer, runChild } from '../support/child.ts'
import { NODES } from '../support/nodes.ts'
import { onSmallDisk } from '../support/small_disk.ts'
import { TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const PAGE = 4096
const MIB = 1024 ** 2
const views = { code: 'ERR_FAULT', offset: 10 * PAGE, fileByteLength: 10 * PAGE, isView: true }

describe.each(NODES)('under %s', (node) => {
  test.each(['main', 'worker'])(
    'a file that is cut under a lease in the %s thread is zeros there, and an error of the next call',
    async (thread) => {
      const report = await childAnswer('view_faults.mjs', [folder.fresh('cut'), thread], { node })
      const lost = { ...views, offset: 20 * PAGE }
      const told = ['at', 'slice', 'size', 'find', 'flush', 'search', 'release', 'close']
      expect(report).toEqual({
        tells: told.map((name) => [name, 10 * PAGE, views, 'no failure', name === 'close']),
        close: [
          ['write', lost, true, 0, 'no failure'],
          ['read', 'no failure', true, 0, 'no failure'],
          ['copy', 'no failure', true, 0, 'no failure'],
        ],
        regrown: { stale: 2, failure: { ...lost, fileByteLength: 64 * PAGE }, healed: 0, stored: 3 },
        private: { sum: 10 * PAGE, failure: views, kept: 10 * PAGE, again: 0 },
        often: [],
      })
    },
  )

  test('compiled loops of small access meet the error at the first byte that is gone, and never a zero', async () => {
    const report = (await childAnswer('cut_small_access.mjs', [folder.fresh('small')], { node })) as Record<
      string,
      { readonly offset: number }[]
    >
    const fault = { code: 'ERR_FAULT', offset: MIB, fileByteLength: MIB, isView: false }
    for (const [loop, outcomes] of Object.entries(report)) {
      expect(outcomes.length).toBe(6)
      for (const [round, outcome] of outcomes.entries()) {
        // The loops of every other round may have come past the cut before it was made.
        expect(outcome, loop).toEqual(round % 2 === 0 ? fault : { ...fault, offset: expect.any(Number) })
        expect(outcome.offset).toBeGreaterThanOrEqual(MIB)
      }
    }
    expect(Object.keys(report).length).toBe(8)
  })

  test('a file that is cut while a regular expression is in it is an error, not a dead process and no match', async () => {
    const report = await childAnswer('search_cut.mjs', [folder.fresh('search')], { node })
    expect(report).toEqual({ unexpected: [], hasFaulted: true })
  })

  test.each(['main', 'worker'])(
    'closing by force in the %s thread is safe whatever the memory is used for',
    async (thread) => {
      const args = [folder.fresh('forced'), thread]
      const report = await childAnswer('forced_close.mjs', args, { node, execArgv: ['--expose-gc'] })
      expect(report).toEqual({
        write: { bytesWritten: 32 * MIB, isClean: true, left: 0 },
        socket: { outcome: 'sent', received: 32 * MIB, isClean: true },
        readAt: { whole: true, part: true, left: 0 },
        transfer: 'zeros',
        hash: true,
        readOnly: { bytesWritten: 32 * MIB, isMapped: false },
      })
    },
  )

  test('a shared map is the same pages in a worker, and each thread closes its own', async () => {
    const report = (await childAnswer('share.mjs', [folder.fresh('shared')], { node })) as Record<string, unknown>
    const there = { offset: 0, length: 8192, resize: 'ERR_EXPORTED', close: 'ERR_EXPORTED', set: 'done' }
    const here = { position: 3, after: 'ERR_CLOSED' }
    const [file, memory] = [
      { text: 'file', ...there },
      { text: 'memo', ...there, access: 'default' },
    ]
    const { buffer, node: version, ...rest } = report
    expect(rest).toEqual({
      write: { ...file, access: 'default', here: 'f!!e', file: 'f!!e', ...here },
      read: { ...file, access: 'read', set: 'ERR_READ_ONLY', here: 'file', file: 'file', ...here },
      copy: { ...file, access: 'copy', here: 'f!!e', file: 'file', ...here },
      shared: { ...memory, here: 'm!!o', file: 'file', ...here },
      private: { ...memory, here: 'm!!o', file: 'file', ...here },
      left: 'file',
      nobody: 'ERR_CLOSED',
      byMessage: 8192,
    })
    // Node 20 has no call for it.
    expect(buffer).toEqual(version === 20 ? 'ERR_ARGUMENT' : ['ABCD', 'ABCD', 'ERR_EXPORTED', 'done', 0])
  })

  describe('a listener for SIGBUS', () => {
    const ours = JSON.stringify({ sum: 10 * PAGE, told: 'ERR_FAULT', heardOfOurs: 0 })
    const run = (way: string): ReturnType<typeof runChild> =>
      runChild('signal_listener.mjs', [folder.fresh('signal'), way], { node })

    test.each(['before', 'after', 'replaced', 'once', 'worker'])(
      '(%s) does not hear of our faults, nor make them spin, but of others’ signals',
      async (way) => {
        const { exitCode, stdout, stderr } = await run(way)
        expect({ exitCode, stdout, stderr }).toEqual({
          exitCode: 0,
          stdout: `${ours}\n{"heardOfOthers":1}\n`,
          stderr: '',
        })
      },
    )

    test('that is gone again leaves our faults handled, and the signal deadly', async () => {
      const { signal, stdout } = await run('removed')
      expect({ signal, stdout }).toEqual({ signal: 'SIGBUS', stdout: `${ours}\n` })
    })
  })
})

const mountPoint = folder.fresh('disk')
mkdirSync(mountPoint)
const under = onSmallDisk(mountPoint)

// Without the right to mount a small disk there is none that could be filled without harm.
if (under !== undefined) {
  test('a disk that fills up under a lease: what is lost is told by flush, and the rest is the file’s', async () => {
    const report = (await childAnswer('view_full_disk.mjs', [`${mountPoint}/sparse`], { under })) as {
      readonly flush: object
      readonly kept: number
    }
    expect(report).toEqual({
      flush: {
        code: 'ERR_FAULT',
        offset: expect.any(Number),
        fileByteLength: 4 * MIB,
        message: expect.stringMatching(/view was touched at offset \d+.*disk may be full/),
      },
      kept: expect.any(Number),
      stored: report.kept,
      again: 'ERR_FAULT',
    })
    expect(report.kept).toBeGreaterThan(MIB / 2)
    expect(report.kept).toBeLessThanOrEqual(MIB)
  })
}
