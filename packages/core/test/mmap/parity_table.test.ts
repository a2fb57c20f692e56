import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { constants, Mmap } from '../../src/index.ts'
import { run } from '../support/child.ts'
import { PYTHON } from './parity/python_mmap.ts'

/** What came after the Python that is here, or is there on other systems only: docs/parity.md must have it all the same. */
const LATER = [
  ...[
    'seekable',
    '__buffer__',
    '__release_buffer__',
    'set_name',
    'trackfd',
    'tagname',
    'madvise',
    '__repr__',
    '__reduce_ex__',
  ],
  ...['fileno', 'length', 'flags', 'prot', 'access', 'offset', '__eq__', '__hash__'],
  ...['MS_ASYNC', 'MS_SYNC', 'MS_INVALIDATE', 'MADV_SOFT_OFFLINE', 'MADV_FREE_REUSABLE', 'MADV_FREE_REUSE'],
  ...['MADV_NOSYNC', 'MADV_AUTOSYNC', 'MADV_NOCORE', 'MADV_CORE', 'MADV_PROTECT', 'MAP_ALIGNED_SUPER', 'MAP_CONCEAL'],
  ...[
    'MAP_NORESERVE',
    'MAP_NOEXTEND',
    'MAP_HASSEMAPHORE',
    'MAP_NOCACHE',
    'MAP_JIT',
    'MAP_RESILIENT_CODESIGN',
    'MAP_32BIT',
  ],
  ...['MAP_RESILIENT_MEDIA', 'MAP_TRANSLATED_ALLOW_EXECUTE', 'MAP_UNIX03', 'MAP_TPRO'],
]

const NAMES_AND_CONSTANTS = `
import json, mmap
methods = sorted(set(dir(mmap.mmap)) - set(dir(object)) | {"__module__"})
module = {name: getattr(mmap, name) for name in dir(mmap) if not name.startswith("__")}
json.dump([methods + list(module), {name: value for name, value in module.items() if isinstance(value, int)}], __import__("sys").stdout)
`

interface Row {
  readonly theirs: readonly string[]
  readonly ours: readonly string[]
  readonly kind: string
}

const names = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => String(code))

const table = readFileSync(new URL('../../../../docs/parity.md', import.meta.url), 'utf8')
const rows = table.split('\n').flatMap((line): Row[] => {
  const [theirs, ours, kind] = line.split('|').slice(1, 4)
  const isRow = /^ (same|different|absent|ours) $/.test(kind ?? '')
  return isRow ? [{ theirs: names(theirs), ours: names(ours), kind: String(kind).trim() }] : []
})
const theirs = new Set(rows.flatMap((row) => row.theirs))
const ours = new Set(rows.flatMap((row) => row.ours))

describe('docs/parity.md', async () => {
  const { stdout } = await run(PYTHON, ['-c', NAMES_AND_CONSTANTS], '')
  const [modelNames, modelConstants] = JSON.parse(stdout) as [string[], Record<string, number>]

  test('has a row for every name of the model, and of its later versions', () => {
    expect(modelNames.length).toBeGreaterThan(45)
    expect([...modelNames, ...LATER].filter((name) => !theirs.has(name))).toEqual([])
  })

  test('has a row for every public name of Mmap, and names none that is not there', () => {
    const present = publicNames()
    expect(present.length).toBeGreaterThan(35)
    expect(present.filter((name) => !ours.has(name))).toEqual([])
    const methods = [...ours].filter((name) => /^[a-z]\w*$/i.test(name) && !NOT_METHODS.has(name))
    expect(methods.filter((name) => !present.includes(name))).toEqual([])
  })

  test('has a row for every constant we have', () => {
    const listed = Object.keys(constants).filter((name) => !/^MAP_HUGE_\d/.test(name))
    expect(listed.filter((name) => !ours.has(`constants.${name}`))).toEqual([])
  })

  test('says of each row what it is, and why where it differs', () => {
    expect(rows.length).toBeGreaterThan(110)
    for (const line of table.split('\n').filter((each) => /\| (different|absent|ours) \|/.test(each)))
      expect(line, line).toMatch(/\| \S.* \|$/)
  })

  test('constants have the model’s numbers, all that it has here', () => {
    for (const [name, value] of Object.entries(modelConstants).filter(([each]) => !each.startsWith('ACCESS_')))
      expect([name, (constants as unknown as Record<string, unknown>)[name]]).toEqual([name, value])
    expect(Object.isFrozen(constants)).toBe(true)
  })
})

/** What a row's second column names that is no property of a map. */
const NOT_METHODS = new Set([
  'fd',
  'length',
  'flags',
  'prot',
  'trackFd',
  'tagName',
  'MapscopeError',
  'Mmap',
  'structuredClone',
  'Map',
])

function publicNames(): string[] {
  const found = new Set<string>()
  for (let layer: object = Mmap.prototype; layer !== Object.prototype; layer = Object.getPrototypeOf(layer)) {
    for (const name of Object.getOwnPropertyNames(layer)) found.add(name)
  }
  found.delete('constructor')
  return [...found]
}
