import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { atEnd } from './support/at_end.ts'
import { Child } from './support/child.ts'
import { mapscope } from './support/command.ts'
import { eventually } from './support/eventually.ts'
import { temporaryFolder } from './support/temporary.ts'

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const COMMANDS = ['find', 'strings', 'hash', 'entropy', 'diff', 'identify']
const folder = temporaryFolder()
const zeros = join(folder, 'zeros')

beforeAll(() => writeFileSync(zeros, Buffer.alloc(40 * 1024 ** 2)))

describe('whoever reads may leave', () => {
  test('head ends it quietly, with 0', () => {
    const line = `"${process.execPath}" "${CLI}" find --overlapping 00 "${zeros}" | head -n 3; echo "\${PIPESTATUS[0]}"`
    const output = String(execFileSync('bash', ['-c', `${line} 2>&1`]))
    expect(output.split('\n')).toEqual([
      `0x00000000  1  ${'.'.repeat(32)}`,
      `0x00000001  1  ${'.'.repeat(32)}`,
      `0x00000002  1  ${'.'.repeat(32)}`,
      '0',
      '',
    ])
  })

  test('a diff that was cut is still a difference', () => {
    const other = join(folder, 'ones')
    writeFileSync(
      other,
      Buffer.alloc(4 * 1024 ** 2).map((_, at) => at % 2),
    )
    const line = `"${process.execPath}" "${CLI}" diff "${zeros}" "${other}" | head -n 1; echo "\${PIPESTATUS[0]}"`
    expect(String(execFileSync('bash', ['-c', `${line} 2>&1`]))).toBe('0x00000001  1  changed\n1\n')
  })

  test('one who does not read is waited for: 40 million hits take no memory', async () => {
    const child = spawn(process.execPath, [CLI, 'find', '--overlapping', '00', zeros], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    atEnd(() => child.kill('SIGKILL'))
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    if (process.platform === 'linux') {
      const resident = Number(
        /RssAnon:\s+(\d+) kB/.exec(String(execFileSync('cat', [`/proc/${child.pid}/status`])))?.[1],
      )
      expect(resident).toBeLessThan(250 * 1024)
    }
    expect(child.exitCode).toBe(null)
    child.kill('SIGKILL')
  })
})

describe('Ctrl-C', () => {
  test.each([
    ['hash', ['hash', '-a', 'sha512', '/proc/self/exe']],
    ['find', ['find', '--regex', '(a|b|ab)*c', '/proc/self/exe']],
  ])('ends %s at once with 130', async (_, [command = '', ...rest]) => {
    // The same program many times over, so that there is time to press it.
    const path = join(folder, 'long')
    execFileSync('sh', ['-c', `for i in 1 2 3 4 5 6; do cat "${process.execPath}"; done > "${path}"`])
    const child = Child.run([command, ...rest.slice(0, -1), path])
    await new Promise((resolve) => setTimeout(resolve, 300))
    child.process.kill('SIGINT')
    const status = await child.exited
    expect([130, 'SIGINT', 0, 1]).toContain(status)
    expect(child.errors).toBe('')
  })

  test('while nobody reads', async () => {
    const child = spawn(process.execPath, [CLI, 'find', '--overlapping', '00', zeros], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    atEnd(() => child.kill('SIGKILL'))
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    child.kill('SIGINT')
    await eventually(() => expect(child.exitCode).toBe(130))
  })
})

describe('the progress line', () => {
  test('is on a terminal’s standard error, and taken away in the end', () => {
    const program = `
import os, pty, sys
status = pty.spawn([sys.argv[1], sys.argv[2], 'hash', '-a', 'sha512,md5', sys.argv[3]])
sys.exit(os.waitstatus_to_exitcode(status))`
    const path = join(folder, 'to_hash')
    execFileSync('sh', ['-c', `for i in 1 2 3; do cat "${process.execPath}"; done > "${path}"`])
    const output = String(execFileSync('python3', ['-c', program, process.execPath, CLI, path]))
    expect(output.replaceAll('\x1b[K', '<clear>')).toMatch(/\r *\d+ % {2}[\d.]+ .* of .*\/s<clear>.*\r<clear>/s)
    expect(output).toMatch(/[0-9a-f]{128} {2}sha512 {2}/)
  })

  test('there is none in a pipe', async () => {
    const ended = await mapscope('hash', zeros)
    expect(ended.errors).toBe('')
    expect(ended.output).toMatch(/^[0-9a-f]{64} {2}[^\r]*\n$/)
  })
})

test('a full disk under the output is an error', () => {
  const line = `"${process.execPath}" "${CLI}" find --overlapping 00 "${zeros}" > /dev/full; echo $?`
  const output = String(execFileSync('bash', ['-c', `{ ${line}; } 2>&1`]))
  expect(output).toMatch(/^mapscope: ERR_OUTPUT: .*ENOSPC.*\n2\n$/)
})

describe('help', () => {
  test.each(COMMANDS)('mapscope %s --help lists its options', async (command) => {
    const { status, output, errors } = await mapscope(command, '--help')
    expect({ status, errors }).toEqual({ status: 0, errors: '' })
    expect(output).toContain(`mapscope ${command} `)
    expect(output).toContain('--json')
    expect(output).toContain('1.5Gi')
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('mapscope --help names every command', async () => {
    const { output } = await mapscope('--help')
    for (const command of COMMANDS) expect(output).toContain(`mapscope ${command}`)
  })
})
