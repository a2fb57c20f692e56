import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childAnswer, runChild } from './support/child.ts'
import { compile } from './support/compile.ts'
import { makeFile, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const neighbour = compile(join(folder, 'neighbour.node'), ['children/neighbour.cc'], ['-std=c++17', '-shared', '-fPIC'])

function file(name: string): string {
  return makeFile(join(folder, name), 'x'.repeat(20_000))
}

describe('SIGBUS that was sent', () => {
  test('kills, as it does without us', async () => {
    const { signal, stdout } = await runChild('signals.mjs', [file('kill'), 'kill'])
    expect({ signal, stdout }).toEqual({ signal: 'SIGBUS', stdout: 'FAULT\n' })
  })

  test('is heard by process.on, installed before the mapping was first touched or after', async () => {
    expect(await childAnswer('signals.mjs', [file('heard-before'), 'heard-before'])).toEqual({
      code: 'FAULT',
      heard: 1,
    })
    expect(await childAnswer('signals.mjs', [file('heard-after'), 'heard-after'])).toEqual({ code: 'FAULT', heard: 1 })
  })

  test('kills again once process.on is off', async () => {
    const { signal, stdout } = await runChild('signals.mjs', [file('off'), 'kill-after-off'])
    expect({ signal, stdout }).toEqual({ signal: 'SIGBUS', stdout: 'FAULT\n' })
  })
})

describe('process.on SIGBUS, which replaces our handler by one that returns', () => {
  test('does not turn a fault into an endless one, in any call', async () => {
    expect(await childAnswer('signals.mjs', [file('spin'), 'replaced'])).toEqual({
      copyOut: 'FAULT',
      getByte: 'FAULT',
      find: 'FAULT',
      readAsync: [0, 20_000],
      findAsync: [0, 20_000],
      heard: 0,
    })
  })
})

// Another addon of the process: maps a file itself, touches it unguarded or under a handler of its own.
describe('a fault of somebody else', () => {
  const run = (name: string, way: string): ReturnType<typeof runChild> =>
    runChild('foreign_fault.mjs', [file(name), neighbour, way])

  test('kills the process where it happens', async () => {
    const { signal, stdout } = await run('dies', 'dies')
    expect({ signal, stdout }).toEqual({ signal: 'SIGBUS', stdout: 'FAULT\n' })
  })

  test('kills it also when the memory is the target of our own copy', async () => {
    const { signal, stdout } = await run('target', 'dies-as-our-target')
    expect({ signal, stdout }).toEqual({ signal: 'SIGBUS', stdout: 'FAULT\n' })
  })

  test('reaches the handler that was there before us', async () => {
    const { code, stdout } = await run('chained', 'handler-before-us')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'FAULT\ncaught\nFAULT\ncaught\n' })
  })

  test('reaches the handler that came after us, and ours still guards', async () => {
    const { code, stdout } = await run('after', 'handler-after-us')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'FAULT\ncaught\nFAULT\ncaught\n' })
  })

  test('kills the process, and is not passed round for ever, when the other handler passes on to us', async () => {
    const { signal, stdout } = await run('round', 'passed-round')
    expect({ signal, stdout }).toEqual({ signal: 'SIGBUS', stdout: 'FAULT\nFAULT\n' })
  })
})
