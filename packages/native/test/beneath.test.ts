import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Binding, binding, type FileState, type FileStatus } from '../lib/index.ts'
import { childAnswer } from './support/child.ts'
import { makeFile, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const root = join(folder, 'root')
const socket = createServer()
let rootFd = -1

beforeAll(async () => {
  mkdirSync(join(root, 'inner', 'deep'), { recursive: true })
  makeFile(join(folder, 'secret'), 'secret')
  makeFile(join(root, 'file'), 'content')
  makeFile(join(root, 'inner', 'deep', 'file'), 'deep content')
  makeFile(join(root, 'weiß 字'), 'unicode')
  makeFile(join(root, '..dots'), 'no parent')
  symlinkSync('/etc/passwd', join(root, 'absolute'))
  symlinkSync('../secret', join(root, 'out'))
  symlinkSync('inner/deep/file', join(root, 'within'))
  symlinkSync('inner', join(root, 'inner-link'))
  symlinkSync('..', join(root, 'inner', 'up'))
  symlinkSync('loop', join(root, 'loop'))
  symlinkSync('/proc/self/cwd', join(root, 'magic'))
  execFileSync('mkfifo', [join(root, 'fifo')])
  await new Promise<void>((resolve) => socket.listen(join(root, 'socket'), resolve))
  rootFd = openSync(root, 'r')
})

afterAll(() => {
  closeSync(rootFd)
  socket.close()
})

/** What the addon exports besides its contract, for this test: the way it takes on kernels without openat2. */
interface Internals extends Binding {
  readonly openBeneathByWalk: Binding['openBeneath']
}
const ways = { openat2: binding.openBeneath, walk: (binding as Internals).openBeneathByWalk } as const

describe.each(Object.entries(ways))('open beneath, by %s', (way, open) => {
  function contentOf(path: string): string {
    const { fd, status } = open(rootFd, path, { isWritable: false })
    const target = Buffer.alloc(status.byteLength)
    readSync(fd, target)
    closeSync(fd)
    return target.toString()
  }

  function errnoOf(path: string, isWritable = false): string {
    try {
      const { fd } = open(rootFd, path, { isWritable })
      if (fd >= 0) closeSync(fd)
      return `opened as ${fd}`
    } catch (error) {
      return (error as { errnoName: string }).errnoName
    }
  }

  test.each([
    ['file', 'content'],
    ['inner/deep/file', 'deep content'],
    ['./inner//deep/./file', 'deep content'],
    ['weiß 字', 'unicode'],
    ['..dots', 'no parent'],
  ])('%s is opened', (path, content) => {
    expect(contentOf(path)).toBe(content)
  })

  test.each([
    '..',
    '../secret',
    'inner/../../secret',
    '../root/file',
    '/etc/passwd',
    '/',
    'inner/deep/../../../secret',
  ])('%s leads out: EXDEV', (path) => {
    expect(errnoOf(path)).toBe('EXDEV')
  })

  test.each(['absolute', 'out', 'inner/up/../secret', 'magic', 'magic/package.json', 'loop', 'out/file'])(
    '%s is refused',
    (path) => {
      expect(errnoOf(path)).toMatch(/^(EXDEV|ELOOP)$/)
    },
  )

  // Links that the kernel makes up, and that lead anywhere without having a path.
  test.each(['cwd', 'root', 'exe', 'fd/0', 'cwd/package.json'])('the magic link /proc/self/%s is refused', (path) => {
    const self = openSync('/proc/self', 'r')
    expect(() => open(self, path, { isWritable: false })).toThrow(
      expect.objectContaining({ errnoName: expect.stringMatching(/^(EXDEV|ELOOP)$/) }),
    )
    closeSync(self)
  })

  test.each([
    ['missing', 'ENOENT'],
    ['missing/file', 'ENOENT'],
    ['file/', 'ENOTDIR'],
    ['file/more', 'ENOTDIR'],
    ['x'.repeat(300), 'ENAMETOOLONG'],
    ['file\0.txt', 'EINVAL'],
  ])('%s is %s', (path, errno) => {
    expect(errnoOf(path)).toBe(errno)
  })

  test('links that stay within: followed by openat2, refused by the walk, which cannot know', () => {
    const expected = way === 'walk' ? ['ELOOP', 'ELOOP'] : ['deep content', 'deep content']
    const tried = ['within', 'inner-link/deep/file'].map((path) => (way === 'walk' ? errnoOf(path) : contentOf(path)))
    expect(tried).toEqual(expected)
  })

  test.each([
    'within',
    'inner-link/deep/file',
    'inner-link',
    'inner-link/',
    'inner-link/.',
    'out',
    'absolute',
    'magic',
  ])('without following links, %s is ELOOP, though a link may stay within', (path) => {
    expect(() => open(rootFd, path, { isWritable: false, followsLinks: false })).toThrow(
      expect.objectContaining({ code: 'OS', errnoName: 'ELOOP' }),
    )
  })

  test('without following links, what is no link opens, and what is not there is ENOENT', () => {
    const { fd, status } = open(rootFd, 'inner/deep/file', { isWritable: false, followsLinks: false })
    closeSync(fd)
    expect(status).toMatchObject({ kind: 'file', byteLength: 12 })
    const options = { isWritable: false, followsLinks: false }
    expect(() => open(rootFd, 'missing', options)).toThrow(expect.objectContaining({ errnoName: 'ENOENT' }))
    expect(() => open(rootFd, 'file/', options)).toThrow(expect.objectContaining({ errnoName: 'ENOTDIR' }))
    expect(() => open(rootFd, 'file', { ...options, followsLinks: 1 as never })).toThrow(TypeError)
  })

  test.each(['', '.', 'inner', 'inner/', 'inner/deep'])(
    'the directory "%s" is opened, for reading even when asked to write',
    (path) => {
      const { fd, status } = open(rootFd, path, { isWritable: true })
      expect(status.kind).toBe('directory')
      expect(fstatSync(fd).isDirectory()).toBe(true)
      expect(BigInt(fstatSync(fd).ino)).toBe(status.inode)
      closeSync(fd)
    },
  )

  test.each([
    ['fifo', 'pipe'],
    ['socket', 'socket'],
  ])('a %s is told and not opened: nobody has it open at the other end, and nothing waits', (path, kind) => {
    for (const isWritable of [false, true]) {
      expect(open(rootFd, path, { isWritable })).toMatchObject({ fd: -1, status: { kind } })
    }
  })

  test('a device is told and not opened', () => {
    const devices = openSync('/dev', 'r')
    expect(open(devices, 'null', { isWritable: true })).toMatchObject({ fd: -1, status: { kind: 'character-device' } })
    closeSync(devices)
  })

  test('a writable descriptor writes, and neither kind is inherited by children', () => {
    makeFile(join(root, 'writable'), 'before')
    const { fd, status } = open(rootFd, 'writable', { isWritable: true })
    expect(status).toEqual(binding.fileStatus(fd))
    const mapping = new binding.Mapping(fd, { offset: 0, byteLength: 6, access: 'write' })
    mapping.copyIn(0, Buffer.from('after!'))
    mapping.close()
    expect(contentOf('writable')).toBe('after!')
    const flags = execFileSync('grep', ['flags', `/proc/${process.pid}/fdinfo/${fd}`]).toString()
    expect(Number.parseInt(flags.split(/\s+/)[1] ?? '0', 8) & 0o2000000, 'O_CLOEXEC').toBe(0o2000000)
    closeSync(fd)
  })

  test('a root that is no directory, or no descriptor', () => {
    const file = openSync(join(root, 'file'), 'r')
    expect(() => open(file, 'x', { isWritable: false })).toThrow(
      expect.objectContaining({ code: 'OS', errnoName: 'ENOTDIR' }),
    )
    closeSync(file)
    expect(() => open(2 ** 31 - 1, 'x', { isWritable: false })).toThrow(
      expect.objectContaining({ code: 'OS', errnoName: 'EBADF' }),
    )
    expect(() => open(-1, 'x', { isWritable: false })).toThrow(RangeError)
  })

  test('without permission it is EACCES; permission to pass through a folder is enough', async () => {
    mkdirSync(join(root, 'permissions', 'pass-through'), { recursive: true })
    makeFile(join(root, 'permissions', 'pass-through', 'readable'), 'x')
    makeFile(join(root, 'permissions', 'unreadable'), 'x')
    makeFile(join(root, 'permissions', 'read-only'), 'x')
    chmodSync(join(root, 'permissions', 'pass-through'), 0o711)
    chmodSync(join(root, 'permissions', 'unreadable'), process.getuid?.() === 0 ? 0o600 : 0o000)
    chmodSync(join(root, 'permissions', 'read-only'), 0o444)
    chmodSync(folder, 0o755)
    // Root may read everything, so it asks as nobody.
    const options = process.getuid?.() === 0 ? { uid: 65534 } : {}
    expect(await childAnswer('beneath.mjs', [join(root, 'permissions'), way], options)).toEqual({
      unreadable: 'EACCES',
      'read-only, to write': 'EACCES',
      'read-only': 'opened',
      'pass-through/readable': 'opened',
    })
  })
})

test('a folder or a file that is swapped for a link, over and over, never leads out', async () => {
  const race = join(folder, 'race')
  mkdirSync(join(race, 'folder'), { recursive: true })
  makeFile(join(race, 'folder', 'secret'), 'inside')
  makeFile(join(race, 'file'), 'inside')
  const held = { escaped: 0, opensFolder: true, opensFile: true }
  expect(await childAnswer('beneath_race.mjs', [race, folder])).toEqual({ openat2: held, walk: held })
})

describe('whether a file is still as it was', () => {
  const stateOf = ({ byteLength, device, inode, links, modifiedNs, changedNs }: FileStatus): FileState =>
    new BigInt64Array([BigInt(byteLength), device, inode, BigInt(links), modifiedNs, changedNs])

  function opened(path: string): { readonly state: FileState; readonly file: string } {
    const { fd, status } = binding.openBeneath(rootFd, path, { isWritable: false })
    closeSync(fd)
    return { state: stateOf(status), file: join(root, path) }
  }

  test.each(['still', 'inner/still'])('%s: as long as nothing changes', (path) => {
    makeFile(join(root, path), 'content')
    let { state, file } = opened(path)
    const isStill = (): boolean => binding.isFileStill(rootFd, path, false, state)
    const changes: (() => void)[] = [
      () => appendFileSync(file, 'more'),
      () => truncateSync(file, 6 * 2 ** 30),
      () => utimesSync(file, 1_600_000_000, 1_600_000_000),
      () => chmodSync(file, 0o600),
      () => linkSync(file, `${file}-2`),
      () => unlinkSync(`${file}-2`),
      () => {
        makeFile(`${file}-new`, 'content')
        renameSync(`${file}-new`, file)
      },
    ]
    for (const change of changes) {
      expect([isStill(), isStill()]).toEqual([true, true])
      change()
      expect(isStill(), String(change)).toBe(false)
      state = opened(path).state
    }
    expect(isStill()).toBe(true)
    unlinkSync(file)
    expect(isStill()).toBe(false)
    symlinkSync(join(root, 'file'), file)
    expect(binding.isFileStill(rootFd, path, true, opened('file').state)).toBe(false)
    unlinkSync(file)
  })

  test('what leads out, is a link, a folder or nothing is not the file, and no error', () => {
    const { state } = opened('file')
    expect(binding.isFileStill(rootFd, 'file', false, state)).toBe(true)
    expect(binding.isFileStill(rootFd, './file', false, state)).toBe(true)
    // Followed where links are followed, but for one that ends a plain name: which is then told as the link.
    expect(binding.isFileStill(rootFd, 'inner-link/deep/file', true, opened('inner/deep/file').state)).toBe(true)
    expect(binding.isFileStill(rootFd, 'inner-link/deep/file', false, opened('inner/deep/file').state)).toBe(false)
    expect(binding.isFileStill(rootFd, 'within', true, opened('inner/deep/file').state)).toBe(false)
    for (const path of [
      '',
      '.',
      '..',
      '../root/file',
      'inner',
      'missing',
      'missing/file',
      'out',
      'fifo',
      'file/',
      'file\0',
    ])
      expect(binding.isFileStill(rootFd, path, true, state), path).toBe(false)
  })

  test('takes nothing but a state', () => {
    for (const state of [new BigInt64Array(5), new Float64Array(6), {}, undefined])
      expect(() => binding.isFileStill(rootFd, 'file', false, state as FileState)).toThrow(TypeError)
  })
})
