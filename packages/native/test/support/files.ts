import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { binding, type MappingAccess, type NativeError, type NativeMapping } from '../../lib/index.ts'

export const KiB: number = 1024
export const MiB: number = 1024 ** 2
export const GiB: number = 1024 ** 3
export const TiB: number = 1024 ** 4

/** A folder of the test file's own, removed after its last test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mapscope-native-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function makeFile(path: string, content: Uint8Array | string): string {
  writeFileSync(path, content)
  return path
}

export interface Mark {
  readonly offset: number
  readonly text: string
}

/** A file of any size that takes a few pages of disk. */
export function makeSparseFile(path: string, byteLength: number, marks: readonly Mark[]): string {
  const file = openSync(path, 'w')
  for (const { offset, text } of marks) writeSync(file, text, offset)
  closeSync(file)
  truncateSync(path, byteLength)
  return path
}

export interface MapFileOptions {
  readonly offset?: number
  /** To the file's end when absent. */
  readonly byteLength?: number
  readonly access?: MappingAccess
  readonly protection?: number
  readonly flags?: number
  readonly keepsFile?: boolean
}

const open = new Set<NativeMapping>()
afterEach(() => {
  for (const mapping of open) mapping.close()
  open.clear()
})

/** Closed after the test. */
export function mapFile(path: string, options: MapFileOptions = {}): NativeMapping {
  const { offset = 0, access = 'read' } = options
  const file = openSync(path, access === 'write' ? 'r+' : 'r')
  try {
    const byteLength = options.byteLength ?? binding.fileStatus(file).byteLength - offset
    return closedAfterwards(new binding.Mapping(file, { ...options, offset, byteLength, access }))
  } finally {
    closeSync(file)
  }
}

export function mapMemory(byteLength: number, options: MapFileOptions = {}): NativeMapping {
  return closedAfterwards(
    new binding.Mapping(-1, { access: 'write', ...options, offset: options.offset ?? 0, byteLength }),
  )
}

export function closedAfterwards(mapping: NativeMapping): NativeMapping {
  open.add(mapping)
  return mapping
}

/** `[code, errnoName]` of what the call throws; undefined when it throws nothing. */
export function codesOf(call: () => unknown): readonly unknown[] | undefined {
  try {
    call()
  } catch (error) {
    const { code, errnoName } = error as Partial<NativeError>
    return [code, errnoName]
  }
  return undefined
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

export function text(array: Uint8Array): string {
  return Buffer.from(array).toString('latin1')
}
