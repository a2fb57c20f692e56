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
    expect(message).toContain('npx node-gyp rebuild')
    expect(message).toContain('pnpm run build')
  })

  test('keeps the errors', () => {
    expect(() => load(join(folder, 'empty'))).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ code: 'MODULE_NOT_FOUND' }), expect.any(Error)] }),
    )
  })
})

test('a file that is no addon is named with the loader’s reason', () => {
  const [prebuilt = ''] = candidates(join(folder, 'broken'))
  mkdirSync(dirname(prebuilt), { recursive: true })
  writeFileSync(prebuilt, 'not an addon')
  expect(messageOf(join(folder, 'broken'))).toMatch(
    /mapscope\.node\n.*(invalid ELF header|file too short|not a mach-o)/i,
  )
})

test('a prebuilt addon is preferred, and loads from wherever the package is', () => {
  const [prebuilt = ''] = candidates(join(folder, 'prebuilt'))
  mkdirSync(dirname(prebuilt), { recursive: true })
  copyFileSync(built, prebuilt)
  expect(load(join(folder, 'prebuilt')).pageSize).toBeGreaterThanOrEqual(4096)
})
