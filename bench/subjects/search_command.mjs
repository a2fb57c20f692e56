// A program of the system as the rival: what it prints is the answer. Its start is part of the time, as it is for whoever types it.
import { spawnSync } from 'node:child_process'
import { measure } from '../lib/measure.mjs'

function run({ file, command, isCountOfLines = false, isDigest = false }) {
  const [program, ...args] = command.map((part) => (part === '{file}' ? file : part))
  const pass = () => {
    const { stdout, stderr, error } = spawnSync(program, args, { maxBuffer: 2 ** 30, encoding: 'latin1' })
    // A program that counts says 1 when there is nothing to count, and prints nothing.
    if (error !== undefined || (stdout === '' && stderr !== '')) throw error ?? new Error(`${program}: ${stderr}`)
    if (isCountOfLines) return stdout.split('\n').length - 1
    // xxhsum writes XXH3_ before its 64 bits.
    if (isDigest) return /^(?:XXH3_)?([0-9a-f]{16,})\b/.exec(stdout)?.[1]
    return Number(/\d+/.exec(stdout)?.[0] ?? 0)
  }
  return { pass }
}

await measure({ count: run, findAll: run, strings: run, hash: run })
