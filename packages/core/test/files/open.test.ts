import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fileStatus, MappedSource, openBeneath } from '../../src/index.ts'
import { TempFolder, TIB } from '../support/temp.ts'

const folder = new TempFolder()
const root = folder.fresh('root')
mkdirSync(join(root, 'inner'), { recursive: true })
writeFileSync(join(root, 'inner', 'file'), 'hello')
writeFileSync(join(folder.path, 'secret'), 'secret')
symlinkSync('inner/file', join(root, 'inside'))
symlinkSync('../../secret', join(root, 'inner', 'outside'))
symlinkSync(join(folder.path, 'secret'), join(root, 'absolute'))
execFileSync('mkfifo', [join(root, 'pipe')])
execFileSync('truncate', ['-s', String(15 * TIB), join(root, 'vast')])
const rootFd = openSync(root, 'r')
afterAll(() => closeSync(rootFd))

test('a file below the root opens, as a source as well', async () => {
  const { fd, status } = openBeneath(rootFd, 'inner/file', { isWritable: false })
  expect(status).toMatchObject({ kind: 'file', byteLength: 5, links: 1 })
  const source = MappedSource.open(fd)
  closeSync(fd)
  expect(Buffer.from((await source.read(0, 5)).bytes).toString()).toBe('hello')
  await source.close()
})

test('isWritable opens for writing', async () => {
  const { fd } = openBeneath(rootFd, 'inner/file', { isWritable: true })
  const source = MappedSource.open(fd, { isWritable: true })
  closeSync(fd)
  await source.write(0, Buffer.from('H'))
  await source.close()
  expect(readFileSync(join(root, 'inner', 'file'), 'latin1')).toBe('Hello')
})

test('the empty path is the root; a pipe is told, not opened; 15 TiB are 15 TiB', () => {
  const itself = openBeneath(rootFd, '', { isWritable: false })
  expect(itself.status.kind).toBe('directory')
  if (itself.fd >= 0) closeSync(itself.fd)
  expect(openBeneath(rootFd, 'pipe', { isWritable: false })).toMatchObject({ fd: -1, status: { kind: 'pipe' } })
  const vast = openBeneath(rootFd, 'vast', { isWritable: false })
  expect([vast.status.byteLength, fileStatus(vast.fd).byteLength]).toEqual([15 * TIB, 15 * TIB])
  closeSync(vast.fd)
})

describe('never outside the root', () => {
  test.each(['..', '../secret', 'inner/../../secret', 'inner/outside', 'absolute', '/etc/passwd'])('%s', (path) => {
    const refusal = { code: 'ERR_OS', errno: expect.stringMatching(/^(EXDEV|ELOOP)$/), path }
    expect(() => openBeneath(rootFd, path, { isWritable: false })).toThrow(expect.objectContaining(refusal))
  })
})

test('without following links, also one that stays below the root is ELOOP', () => {
  closeSync(openBeneath(rootFd, 'inner/file', { isWritable: false, followsLinks: false }).fd)
  closeSync(openBeneath(rootFd, 'inside', { isWritable: false, followsLinks: true }).fd)
  expect(() => openBeneath(rootFd, 'inside', { isWritable: false, followsLinks: false })).toThrow(
    expect.objectContaining({ code: 'ERR_OS', errno: 'ELOOP', path: 'inside' }),
  )
})

test('the system’s refusals are ERR_OS with its name and the path', () => {
  expect(() => openBeneath(rootFd, 'nothing', { isWritable: false })).toThrow(
    expect.objectContaining({
      code: 'ERR_OS',
      errno: 'ENOENT',
      path: 'nothing',
      message: expect.stringContaining('check the path'),
    }),
  )
  expect(() => openBeneath(rootFd, 'inner/file/more', { isWritable: false })).toThrow(
    expect.objectContaining({ errno: 'ENOTDIR' }),
  )
  expect(() => fileStatus(99_999)).toThrow(expect.objectContaining({ code: 'ERR_OS', errno: 'EBADF' }))
})

test('a file without permission is EACCES, for whoever permissions bind', () => {
  const locked = join(root, 'locked')
  writeFileSync(locked, 'x')
  chmodSync(locked, 0)
  if (process.getuid?.() === 0) {
    const { fd } = openBeneath(rootFd, 'locked', { isWritable: false })
    expect(fileStatus(fd).byteLength).toBe(1)
    closeSync(fd)
  } else {
    expect(() => openBeneath(rootFd, 'locked', { isWritable: false })).toThrow(
      expect.objectContaining({ errno: 'EACCES' }),
    )
  }
})
