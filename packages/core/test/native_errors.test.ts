import { expect, test } from 'vitest'
import { MapscopeError } from '../src/index.ts'
import { translated, translateError } from '../src/native_errors.ts'

const native = (fields: object) => Object.assign(new Error('from C++'), fields)

test('each code of the addon has its own', () => {
  const os = native({ code: 'OS', errnoName: 'EACCES', errno: 13, syscall: 'mmap' })
  expect(translateError(os, { path: 'a file' })).toMatchObject({
    code: 'ERR_OS',
    errno: 'EACCES',
    syscall: 'mmap',
    path: 'a file',
    cause: os,
  })
  const fault = native({ code: 'FAULT', offset: 5 * 1024 ** 3, fileByteLength: 4096 })
  expect(translateError(fault)).toMatchObject({
    code: 'ERR_FAULT',
    offset: 5 * 1024 ** 3,
    fileByteLength: 4096,
    cause: fault,
  })
  expect(translateError(native({ code: 'CLOSED' }))).toMatchObject({ code: 'ERR_CLOSED' })
})

test('messages say what to do', () => {
  const message = (fields: object) => (translateError(native(fields)) as Error).message
  expect(message({ code: 'OS', errnoName: 'ENOMEM', syscall: 'mmap' })).toContain('vm.max_map_count')
  expect(message({ code: 'OS', errnoName: 'EXOTIC', syscall: 'mmap' })).toContain('manual page')
  expect(message({ code: 'FAULT', offset: 8192, fileByteLength: 4096 })).toContain('cut short and has 4096 bytes')
  const inFile = message({ code: 'FAULT', offset: 10, fileByteLength: 4096 })
  expect(inFile).toContain('the disk may be full or failing')
  expect(inFile).not.toContain('cut')
})

test('a fault in a map of the file’s later part is compared with the file’s end where it is in the file', () => {
  const fault = native({ code: 'FAULT', offset: 10, fileByteLength: 8192 })
  expect((translateError(fault, { mapOffset: 8192 }) as Error).message).toContain('cut short and has 8192 bytes')
  expect((translateError(fault, { mapOffset: 4096 }) as Error).message).toContain('full or failing')
  expect(translateError(fault, { mapOffset: 8192 })).toMatchObject({ offset: 10, fileByteLength: 8192 })
})

test('Node’s own system errors are translated, our own and bugs are left alone', () => {
  const missing = native({ code: 'ENOENT', errno: -2, syscall: 'open' })
  expect(translateError(missing)).toMatchObject({ code: 'ERR_OS', errno: 'ENOENT', cause: missing })
  const ours = new MapscopeError('ERR_RANGE', 'outside')
  const bug = new TypeError('x is not a function')
  for (const error of [ours, bug, 'text', undefined]) expect(translateError(error)).toBe(error)
  expect(() =>
    translated(() => {
      throw bug
    }),
  ).toThrow(bug)
})
