import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { candidates, load, packageRoot } from '../lib/load.ts'
import { temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const built = join(packageRoot(), 'build', 'Release', 'mapscope.node')

function messageOf(root: string): string {
  try {
    load(root)
  } catch (error) {
    return (error as AggregateError).message
  }
  return 'it loaded'
}

describe('a folder without the addon', () => {
  test('is an error that lists every file tried, why, and what to run', () => {
    const message = messageOf(join(folder, 'empty'))
    for (const file of candidates(join(folder, 'empty'))) {
      expect(message).toContain(file)
      expect(message).toContain(`Cannot find module '${file}'`)
    }
    expect(message).toContain(`${process.platform}-${process.arch}`)
    expect(message).toContain('holds binaries for: no system.')
    expect(message).toContain(`cd ${join(folder, 'empty')}\n  npx node-gyp@12 rebuild\n`)
    expect(message).toContain('pnpm run build')
  })

  test('keeps the errors', () => {
    expect(() => load(join(folder, 'empty'))).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ code: 'MODULE_NOT_FOUND' }), expect.any(Error)] }),
    )
  })
})

/** The folder `name` with a file where the package's own binary would be. */
function withPrebuild(name: string, put: (file: string) => void): string {
  const root = join(folder, name)
  const [, prebuilt = ''] = candidates(root)
  mkdirSync(dirname(prebuilt), { recursive: true })
  put(prebuilt)
  return root
}

test('a file that is no addon is named with the loader’s reason', () => {
  const root = withPrebuild('broken', (file) => writeFileSync(file, 'not an addon'))
  expect(messageOf(root)).toMatch(/mapscope\.node\n.*(invalid ELF header|file too short|not a mach-o)/i)
})

test('a package that holds other systems’ binaries says which', () => {
  for (const name of ['win32-x64', 'linux-s390x']) {
    mkdirSync(join(folder, 'foreign', 'prebuilds', name), { recursive: true })
    copyFileSync(built, join(folder, 'foreign', 'prebuilds', name, 'mapscope.node'))
  }
  const message = messageOf(join(folder, 'foreign'))
  expect(message).toContain(`Cannot find module '${candidates(join(folder, 'foreign'))[1]}'`)
  expect(message).toContain('holds binaries for: linux-s390x, win32-x64.')
})

test('a prebuilt addon loads from wherever the package is', () => {
  expect(load(withPrebuild('prebuilt', (file) => copyFileSync(built, file))).pageSize).toBeGreaterThanOrEqual(4096)
})

test('what was built in place is preferred to what was shipped', () => {
  const root = withPrebuild('both', (file) => writeFileSync(file, 'not an addon'))
  mkdirSync(join(root, 'build', 'Release'), { recursive: true })
  copyFileSync(built, join(root, 'build', 'Release', 'mapscope.node'))
  expect(load(root).pageSize).toBeGreaterThanOrEqual(4096)
})
