import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { interpreterOf, prebuildName } from '../lib/prebuild_name.ts'
import { compile } from './support/compile.ts'
import { temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const system = `${process.platform}-${process.arch}`

describe.runIf(process.platform === 'linux')('the binary for this system', () => {
  writeFileSync(join(folder, 'empty.cc'), 'int main() {}\n')
  const linked = (name: string, ...flags: string[]): string =>
    compile(join(folder, name), [], [...flags, join(folder, 'empty.cc')])

  test('is found by platform and processor on the C library that Node runs on here', () => {
    expect(interpreterOf(process.execPath)).toMatch(/^\/.*\/ld-/)
    expect(prebuildName()).toBe(prebuildName(process.execPath))
  })

  test('has musl in its name where the executable asks for musl’s linker', () => {
    const musl = linked('musl', '-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1')
    expect(interpreterOf(musl)).toBe('/lib/ld-musl-x86_64.so.1\0')
    expect(prebuildName(musl)).toBe(`${system}-musl`)
  })

  test('has not where it asks for glibc’s, wherever that is', () => {
    expect(prebuildName(linked('glibc', '-Wl,--dynamic-linker=/opt/ld-linux-x86-64.so.2'))).toBe(system)
  })

  test.each([
    ['is no ELF file', Buffer.from('#!/bin/sh\n')],
    ['is empty', Buffer.alloc(0)],
    ['ends within its header', Buffer.from('\x7fELF\x02\x01\x01', 'latin1')],
    ['points past its end', Buffer.from(`\x7fELF\x02\x01${'\xff'.repeat(58)}`, 'latin1')],
  ])('is the plain one when the executable %s', (_what, content) => {
    writeFileSync(join(folder, 'odd'), content)
    expect(prebuildName(join(folder, 'odd'))).toBe(system)
  })

  test('is the plain one when there is nothing to look at', () => {
    expect(prebuildName(join(folder, 'missing'))).toBe(system)
  })
})
