import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Mmap, type MmapOptions, mmap } from '../../src/index.ts'
import { latin1, TempFolder } from '../support/temp.ts'

const PAGE = 4096
const folder = new TempFolder()
const content = `${'abc'.padEnd(2 * PAGE, '.')}tail`

function withFd<T>(path: string, flags: string | number, use: (fd: number) => T): T {
  const fd = openSync(path, flags)
  try {
    return use(fd)
  } finally {
    closeSync(fd)
  }
}

describe('what is mapped', () => {
  test('length 0 reaches to the end of the file; the descriptor may be closed at once', () => {
    const map = withFd(folder.file(content), 'r+', (fd) => mmap(fd, 0))
    expect([map.length, map.offset, map.access, map.closed]).toEqual([content.length, 0, 'default', false])
    expect(latin1(map.slice(0, 3))).toBe('abc')
    map.close()
  })

  test('an offset is where indexes begin; size is the whole file’s', () => {
    const map = Mmap.open(folder.file(content), { access: 'read', offset: 2 * PAGE })
    expect([map.length, map.size(), latin1(map.slice())]).toEqual([4, content.length, 'tail'])
    map.close()
  })

  test('a length maps that much', () => {
    const map = withFd(folder.file(content), 'r', (fd) => mmap(fd, 5, { access: 'read' }))
    expect([map.length, latin1(map.slice())]).toEqual([5, 'abc..'])
    map.close()
  })

  test('default and write reach the file, copy does not and needs no writable descriptor', () => {
    for (const access of ['default', 'write', 'copy'] as const) {
      const path = folder.file(content)
      const map = withFd(path, access === 'copy' ? 'r' : 'r+', (fd) => mmap(fd, 0, { access }))
      map.set(0, 0x5a)
      map.flush()
      expect(map.at(0)).toBe(0x5a)
      map.close()
      expect(readFileSync(path, 'latin1').slice(0, 3)).toBe(access === 'copy' ? 'abc' : 'Zbc')
    }
  })

  test('a link to a file is the file', () => {
    const link = folder.fresh('link')
    symlinkSync(folder.file(content), link)
    const map = Mmap.open(link, { access: 'read' })
    expect(map.length).toBe(content.length)
    map.close()
  })
})

describe('what is refused', () => {
  const file = folder.file(content)
  const code = (call: () => unknown) => {
    try {
      call()
    } catch (error) {
      const { code, errno } = error as { code: string; errno?: string }
      return errno === undefined ? code : `${code} ${errno}`
    }
    return 'accepted'
  }
  const onFile = (length: unknown, options: unknown = {}) =>
    withFd(file, 'r+', (fd) => code(() => mmap(fd, length as number, options as MmapOptions)))

  test.each([
    ['a negative length', -1, {}, 'ERR_RANGE'],
    ['a length that is no integer', 1.5, {}, 'ERR_ARGUMENT'],
    ['a length that is text', '1', {}, 'ERR_ARGUMENT'],
    ['no length', undefined, {}, 'ERR_ARGUMENT'],
    ['an unsafe length', 2 ** 60, {}, 'ERR_RANGE'],
    ['more than the file has', content.length + 1, {}, 'ERR_RANGE'],
    ['more than the file has after the offset', content.length, { offset: PAGE }, 'ERR_RANGE'],
    ['an offset at the end', 0, { offset: 3 * PAGE }, 'ERR_RANGE'],
    ['a negative offset', 1, { offset: -PAGE }, 'ERR_RANGE'],
    ['an offset between pages', 1, { offset: 1 }, 'ERR_OS EINVAL'],
    ['an offset that is text', 1, { offset: '0' }, 'ERR_ARGUMENT'],
    ['an unknown access', 1, { access: 'execute' }, 'ERR_ARGUMENT'],
    // The file decides before the kernel does.
    ['too much at an offset between pages', content.length, { offset: 1 }, 'ERR_RANGE'],
  ])('%s', (_, length, options, expected) => {
    expect(onFile(length, options)).toBe(expected)
  })

  test('an empty file', () => {
    expect(code(() => Mmap.open(folder.file('')))).toBe('ERR_RANGE')
    expect(withFd(folder.file(''), 'r+', (fd) => code(() => mmap(fd, 1)))).toBe('ERR_RANGE')
  })

  test('descriptors: none, closed, huge, not for this access', () => {
    expect(code(() => mmap(-1, 0))).toBe('ERR_OS EINVAL')
    expect(code(() => mmap(-2, 1))).toBe('ERR_OS EBADF')
    expect(code(() => mmap(99_999, 1))).toBe('ERR_OS EBADF')
    expect(code(() => mmap(2 ** 31, 1))).toBe('ERR_RANGE')
    expect(withFd(file, 'r', (fd) => code(() => mmap(fd, 0)))).toBe('ERR_OS EACCES')
    expect(withFd(file, 'r', (fd) => code(() => mmap(fd, 0, { access: 'write' })))).toBe('ERR_OS EACCES')
    expect(withFd(file, constants.O_WRONLY, (fd) => code(() => mmap(fd, 0, { access: 'read' })))).toBe('ERR_OS EACCES')
  })

  test('a descriptor of a directory, a missing file', () => {
    const directory = folder.fresh('directory')
    mkdirSync(directory)
    expect(withFd(directory, 'r', (fd) => code(() => mmap(fd, 1, { access: 'read' })))).toBe('ERR_OS ENODEV')
    expect(withFd(directory, 'r', (fd) => code(() => mmap(fd, 0, { access: 'read' })))).toBe('ERR_OS EINVAL')
    expect(code(() => Mmap.open(folder.fresh('missing')))).toBe('ERR_OS ENOENT')
  })

  test('a path to no regular file, saying what it is, whatever the access, and leaving no descriptor behind', async () => {
    const directory = folder.fresh('directory')
    mkdirSync(directory)
    const pipe = folder.fresh('pipe')
    execFileSync('mkfifo', [pipe])
    const socket = folder.fresh('socket')
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    const before = readdirSync('/proc/self/fd').length
    for (const access of ['read', 'default', 'copy'] as const) {
      for (const [path, kind] of [
        [directory, 'a directory'],
        [pipe, 'a pipe'],
        [socket, 'a socket'],
        ['/dev/null', 'a character device'],
      ] as const) {
        expect(() => Mmap.open(path, { access }), `${kind}, ${access}`).toThrow(
          expect.objectContaining({ code: 'ERR_NOT_A_FILE', path, message: expect.stringContaining(kind) }),
        )
      }
    }
    expect(readdirSync('/proc/self/fd').length).toBe(before)
    await new Promise((resolve) => server.close(resolve))
  })

  test('the error names the path and keeps its cause', () => {
    const path = folder.fresh('missing')
    expect(() => Mmap.open(path)).toThrow(expect.objectContaining({ path, syscall: 'open', cause: expect.any(Error) }))
  })

  test('nobody makes a map of something else', () => {
    const Constructor = Mmap as unknown as new (...args: unknown[]) => Mmap
    expect(() => new Constructor(Symbol('construction'), {}, {})).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT' }),
    )
  })
})
