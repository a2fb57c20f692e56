import { createHash } from 'node:crypto'
import { closeSync, constants as files, fstatSync, openSync, readSync } from 'node:fs'
import { isMapscopeError, type Mmap, type MmapOptions, mmap } from '../../../src/index.ts'
import { type Answer, fromHex, type Hex, type Step, type Task, toHex } from './task.ts'

export function ourAnswers(task: Task): Answer[] {
  const fd = openFor(task)
  let map: Mmap
  try {
    map = mmap(fd, task.length as number, optionsOf(task))
  } catch (error) {
    return [{ code: codeOf(error) }]
  } finally {
    if (task.path !== null) closeSync(fd)
  }
  const answers = task.operations.map((step) => answer(map, task, step))
  const made: Answer = { value: map.closed ? null : map.length }
  map.close()
  return [made, ...answers]
}

function openFor({ path, fd = -1, mode = 'O_RDWR' }: Task): number {
  return path === null ? fd : openSync(path, files[mode] | files.O_NONBLOCK)
}

function optionsOf({ offset, access, flags, prot }: Task): MmapOptions {
  return { offset, access: access ?? undefined, flags: flags ?? undefined, prot: prot ?? undefined } as MmapOptions
}

function answer(map: Mmap, task: Task, step: Step): Answer {
  const result = outcome(map, task, step)
  return { ...result, state: map.closed ? null : [map.length, map.tell()] }
}

function outcome(map: Mmap, task: Task, step: Step): Answer {
  try {
    const value = apply(map, task, step) ?? null
    return { value: value instanceof Uint8Array ? toHex(value) : value }
  } catch (error) {
    return { code: codeOf(error) }
  }
}

function codeOf(error: unknown): string {
  if (!isMapscopeError(error)) throw error
  return error.code === 'ERR_OS' ? `ERR_OS ${error.errno}` : error.code
}

function apply(map: Mmap, task: Task, [operation, ...rest]: Step): unknown {
  const args = rest.map((arg) => (isHex(arg) ? fromHex(arg) : arg))
  if (operation === 'file') return readFile(String(task.path), args[0] as number, args[1] as number)
  if (operation === 'length') return map.length
  if (operation === 'iterate') return [...map]
  const method = (map as unknown as Record<string, (...values: unknown[]) => unknown>)[operation]
  return method?.apply(map, args)
}

function isHex(arg: unknown): arg is Hex {
  return typeof arg === 'object' && arg !== null && 'hex' in arg
}

/** By pread, beside every map. */
function readFile(path: string, offset: number, length: number): [byteLength: number, digest: string] {
  const fd = openSync(path, 'r')
  const bytes = Buffer.alloc(length)
  const count = readSync(fd, bytes, 0, length, offset)
  const { size } = fstatSync(fd)
  closeSync(fd)
  return [size, createHash('sha1').update(bytes.subarray(0, count)).digest('hex')]
}
