// A label of memory. Whether this kernel has any is asked of it by way of Python, so that one of ours which does not show is an error.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { constants, Mmap, mmap } from '../../src/index.ts'
import { run } from '../support/child.ts'
import { GIB, TempFolder } from '../support/temp.ts'
import { PYTHON } from './parity/python_mmap.ts'

const { MAP_PRIVATE, MAP_SHARED, PAGESIZE: PAGE } = constants
const folder = new TempFolder()
const LONGEST = 'x'.repeat(66)

const LABELLED = `
import ctypes, mmap, sys
memory = mmap.mmap(-1, 4096, flags=int(sys.argv[1]) | mmap.MAP_ANONYMOUS)
address = ctypes.c_ulong(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
print(ctypes.CDLL(None).prctl(0x53564D41, 0, address, ctypes.c_ulong(4096), b"label"))
`

const LABEL = /\[anon(?:_shmem)?:mapscope:([^\]]*)\]/g
const labels = (): string[] =>
  [...readFileSync('/proc/self/maps', 'latin1').matchAll(LABEL)].map(([, name]) => String(name))
const labelledByteLengths = (): number[] =>
  [...readFileSync('/proc/self/maps', 'latin1').matchAll(/^(\w+)-(\w+) .*mapscope:/gm)].map(
    ([, start, end]) => Number(`0x${end}`) - Number(`0x${start}`),
  )

describe.runIf(process.platform === 'linux').each([
  ['private', MAP_PRIVATE],
  ['shared', MAP_SHARED],
])('%s memory', async (_, flags) => {
  const { stdout } = await run(PYTHON, ['-c', LABELLED, String(flags)], '')
  const hasLabels = stdout === '0\n'

  test(`${hasLabels ? 'shows its name' : 'of a kernel without labels shows none'}, and is what it was`, () => {
    const map = mmap(-1, 3 * PAGE, { flags: Number(flags) })
    map.set(PAGE, 1)
    for (const name of ['scratch', 'two words (and a third)', LONGEST]) {
      map.setName(name)
      expect(labels()).toEqual(hasLabels ? [name] : [])
    }
    map.setName('')
    expect(labels()).toEqual([])
    expect([map.at(PAGE), map.length]).toEqual([1, 3 * PAGE])
    map.setName('closed with it')
    map.close()
    expect(labels()).toEqual([])
  })

  test('of 5 GiB it is the name of all', () => {
    using map = mmap(-1, 5 * GIB, { flags: Number(flags) })
    map.setName('long')
    map.set(5 * GIB - 1, 1)
    expect(labelledByteLengths()).toEqual(hasLabels ? [5 * GIB] : [])
  })
})

describe('what cannot be named', () => {
  test.each([`${LONGEST}x`, 'a\nb', 'caf\u00e9', 'a\0', 'a$b', 'a`b', 'a\\b', 'a[b', 'a]b', 5, undefined, null])(
    'as %j',
    (name) => {
      using map = mmap(-1, PAGE)
      expect(() => map.setName(name as string)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
    },
  )

  test('a map of a file', () => {
    using map = Mmap.open(folder.file('0123456789'))
    expect(() => map.setName('file')).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
  })

  test('a closed one, whatever the name', () => {
    const map = mmap(-1, PAGE)
    map.close()
    expect(() => map.setName('late')).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    expect(() => map.setName('$')).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
  })
})
