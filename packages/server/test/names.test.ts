import { expect, test } from 'vitest'
import { ProblemError } from '../src/errors.ts'
import { attachment } from '../src/http/content.ts'
import { uniqueNames } from '../src/roots/names.ts'
import { formatWirePath, parseUrlPath, parseWirePath } from '../src/roots/wire_path.ts'

test('roots are named by their last component, made unique in the order given', () => {
  expect(uniqueNames(['/a/x', '/b/y'])).toEqual(['x', 'y'])
  expect(uniqueNames(['/a/x', '/b/x', '/c/x'])).toEqual(['x', 'x (2)', 'x (3)'])
  expect(uniqueNames(['/a/x', '/b/x', '/c/x (2)'])).toEqual(['x', 'x (3)', 'x (2)'])
  expect(uniqueNames(['/c/x (2)', '/a/x', '/b/x'])).toEqual(['x (2)', 'x', 'x (3)'])
  expect(uniqueNames(['/'])).toEqual(['root'])
  expect(uniqueNames([])).toEqual([])
  // What no wire path may hold is replaced, or the root could never be asked for.
  expect(uniqueNames(['/a/x\\y', '/a/x_y', '/b/x\\y', '/c/\ud800z'])).toEqual(['x_y', 'x_y (2)', 'x_y (3)', '_z'])
})

test('names stay unique whatever they are (seeded)', () => {
  const seed = 20261122
  let state = seed
  const next = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state % limit
  }
  const pool = ['x', 'x (2)', 'x (3)', 'x (2) (2)', 'y']
  for (let round = 0; round < 500; round++) {
    const paths = Array.from({ length: 1 + next(7) }, (_, i) => `/${i}/${pool[next(pool.length)]}`)
    const names = uniqueNames(paths)
    expect(new Set(names).size, `seed ${seed} round ${round}: ${paths} became ${names}`).toBe(paths.length)
  }
})

test('a path is a root and plain names', () => {
  expect(parseWirePath('root/a/b.bin')).toEqual({ rootName: 'root', components: ['a', 'b.bin'] })
  expect(formatWirePath(parseWirePath('root/a/ü (2)'))).toBe('root/a/ü (2)')
  expect(parseUrlPath('root/a%20b/%C3%BC')).toEqual({ rootName: 'root', components: ['a b', 'ü'] })
  // Decoded once: what looks encoded after that is a name.
  expect(parseUrlPath('root/%252e%252e')).toEqual({ rootName: 'root', components: ['%2e%2e'] })
  expect(parseWirePath('root/..;/...')).toEqual({ rootName: 'root', components: ['..;', '...'] })
})

test.each(['', '/', '/etc/passwd', 'root/', 'root//a', 'root/./a', '.', 'root/\ud800'])('%j is malformed', (path) => {
  expect(codeOf(() => parseWirePath(path))).toBe('ERR_REQUEST')
})

test.each(['..', 'root/..', 'root/../x', '../root', 'root\\..\\x', 'root/a\\b', 'root/a\0b'])(
  '%j leaves the roots',
  (path) => {
    expect(codeOf(() => parseWirePath(path))).toBe('ERR_OUTSIDE_ROOTS')
  },
)

test.each(['root/%2e%2e/x', 'root/%2E%2E', 'root/a%2fb', 'root%2f..', 'root/a%5cb', 'root/%00'])(
  '%s leaves the roots',
  (path) => {
    expect(codeOf(() => parseUrlPath(path))).toBe('ERR_OUTSIDE_ROOTS')
  },
)

test.each(['root/%c0%ae%c0%ae/x', 'root/%ff', 'root/%', 'root/%zz', 'root/%u002e', 'root/%ed%a0%80'])(
  '%s is not UTF-8',
  (path) => {
    expect(codeOf(() => parseUrlPath(path))).toBe('ERR_REQUEST')
  },
)

test('a name in a header can neither end it nor hide its end', () => {
  expect(attachment('a.bin')).toBe(`attachment; filename="a.bin"; filename*=UTF-8''a.bin`)
  expect(attachment('a"b\\c\r\nX: y')).toBe(
    `attachment; filename="a_b_c__X: y"; filename*=UTF-8''a%22b%5Cc%0D%0AX%3A%20y`,
  )
  expect(attachment("ü'(1).bin")).toBe(`attachment; filename="_'(1).bin"; filename*=UTF-8''%C3%BC%27%281%29.bin`)
})

function codeOf(act: () => unknown): string | undefined {
  try {
    act()
  } catch (error) {
    return error instanceof ProblemError ? error.code : String(error)
  }
  return undefined
}
