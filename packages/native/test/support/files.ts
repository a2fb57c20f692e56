import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { binding, type MappingAccess, type NativeMapping } from '../../lib/index.ts'

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
}

const open = new Set<NativeMapping>()
afterEach(() => {
  for (const mapping of open) mapping.close()
  open.clear()
})

/** Closed after the test. */
export function mapFile(path: string, { offset = 0, byteLength, access = 'read' }: MapFileOptions = {}): NativeMapping {
  const file = openSync(path, access === 'write' ? 'r+' : 'r')
  try {
    const length = byteLength ?? binding.fileStatus(file).byteLength - offset
    const mapping = new binding.Mapping(file, { offset, byteLength: length, access })
    open.add(mapping)
    return mapping
  } finally {
    closeSync(file)
  }
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

export function text(array: Uint8Array): string {
  return Buffer.from(array).toString('latin1')
}
