import { execFile, execFileSync, spawn } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { atEnd } from './support/at_end.ts'
import { mapscope } from './support/command.ts'
import { temporaryFolder } from './support/temporary.ts'

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const ON_TERMINAL = fileURLToPath(new URL('support/on_terminal.py', import.meta.url))
const MIB = 1024 ** 2
const TIMES = 2
const timeoutMs = 180_000

/** 2 MiB full of hits, more than any pipe takes, and islands behind it, so many that not all are looked at ahead. */
const FULL_BYTE_LENGTH = 2 * MIB
const ISLANDS = Array.from({ length: 18 }, (_, index) => (4 + 2 * index) * MIB)
const BYTE_LENGTH = 40 * MIB
const RECORD_BYTE_LENGTH = 512
const GIF = Buffer.from('GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02L\x01\0;', 'latin1')

const folder = temporaryFolder()
const path = join(folder, 'file')
const other = join(folder, 'other')
/** A second of hashing. */
const vast = join(folder, 'vast')

function records(byteLength: number, word: string): Buffer {
  const bytes = Buffer.alloc(byteLength)
  for (let at = 0; at < byteLength; at += RECORD_BYTE_LENGTH) {
    GIF.copy(bytes, at)
    for (let place = 64; place < RECORD_BYTE_LENGTH; place += 64) bytes.write(word, at + place)
  }
  return bytes
}

const full = records(FULL_BYTE_LENGTH, 'MARK')
const island = records(MIB / 16, 'MARK')

function layOut(): void {
  const fd = openSync(path, 'w')
  ftruncateSync(fd, BYTE_LENGTH)
  writeSync(fd, full, 0, full.length, 0)
  for (const offset of ISLANDS) writeSync(fd, island, 0, island.length, offset)
  closeSync(fd)
}

beforeAll(() => {
  const fd = openSync(other, 'w')
  writeSync(fd, records(FULL_BYTE_LENGTH, 'mark'))
  ftruncateSync(fd, BYTE_LENGTH)
  closeSync(fd)
  layOut()
  writeFileSync(vast, '')
})

interface Row {
  readonly name: string
  readonly args: readonly string[]
  /** Where a line's bytes end, to compare those below the cut with what there was. */
  endOf(line: string): number
}

const json = (line: string): number => {
  const { offset, byteLength } = JSON.parse(line) as { offset: number; byteLength: number }
  return offset + byteLength
}
const columns = (line: string): number => {
  const [offset = '', byteLength = ''] = line.split('  ')
  return Number(offset) + Number(byteLength)
}

/** Each prints far more than a pipe holds before it comes to the last islands. */
const ROWS: readonly Row[] = [
  { name: 'find', args: ['find', '--json', 'MARK', path], endOf: json },
  { name: 'find --regex', args: ['find', '--json', '--regex', 'M[A-C]RK', path], endOf: json },
  { name: 'find with previews', args: ['find', 'MARK', path], endOf: (line) => columns(line) + 32 },
  { name: 'strings', args: ['strings', '--json', path], endOf: json },
  {
    name: 'hash --chunk',
    args: ['hash', '-a', 'crc32', '--chunk', '1k', '--json', path],
    endOf: (line) => (JSON.parse(line) as { end: number }).end,
  },
  { name: 'entropy', args: ['entropy', '--block', '2k', '--json', path], endOf: json },
  { name: 'diff', args: ['diff', '--json', path, other], endOf: json },
  { name: 'identify --sweep', args: ['identify', '--sweep', '--json', path], endOf: json },
]

/** Each works for a while and prints in the end. */
const SILENT = [{ name: 'hash', args: ['hash', '-a', 'sha512,md5', vast] }]
// biome-ignore lint/suspicious/noControlCharactersInRegex: what clears a line of a terminal
const PROGRESS = /\r[^\r\n]*\u001b\[K/g

interface Ended {
  readonly status: number | NodeJS.Signals
  readonly output: string
  readonly errors: string
}

/** Reads some of what the command prints, lets it wait, does `act`, and reads the rest. */
async function interrupted(args: readonly string[], act: (pid: number) => void): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  atEnd(() => child.kill('SIGKILL'))
  const parts: Buffer[] = []
  let errors = ''
  child.stderr.on('data', (data) => {
    errors += String(data)
  })
  const ended = new Promise<Ended['status']>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? -1)),
  )
  await new Promise<void>((resolve) => child.stdout.once('readable', () => resolve()))
  parts.push(child.stdout.read() as Buffer)
  act(child.pid as number)
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  const status = await ended
  return { status, output: Buffer.concat(parts).toString(), errors }
}

/** Whole lines only. */
function linesOf(output: string): string[] {
  expect(output.slice(-1)).toBe('\n')
  return output.slice(0, -1).split('\n')
}

describe('a file that is cut while it is read', () => {
  test.each(ROWS)(
    '$name prints what is below the cut, then says ERR_FAULT and exits with 2, time after time',
    async ({ args, endOf }) => {
      layOut()
      const whole = linesOf((await mapscope(...args)).output)
      for (let time = 0; time < TIMES; time++) {
        layOut()
        const cut = FULL_BYTE_LENGTH + 300_000 * time // at the end of a page, and in the middle of one
        const ended = await interrupted(args, () => truncateSync(path, cut))
        expect({ status: ended.status, errors: ended.errors }).toEqual({
          status: 2,
          errors: expect.stringMatching(/^mapscope: ERR_FAULT: [^\n]*\n$/),
        })
        expect(whole.filter((line) => endOf(line) <= FULL_BYTE_LENGTH).length).toBeGreaterThan(500)
        const isBelow = (line: string): boolean => endOf(line) <= FULL_BYTE_LENGTH
        expect(linesOf(ended.output).filter(isBelow)).toEqual(whole.filter(isBelow))
      }
    },
    timeoutMs,
  )

  test.each(SILENT)(
    '$name, which has printed nothing yet: ERR_FAULT and 2, time after time',
    async ({ args }) => {
      for (let time = 0; time < TIMES; time++) {
        truncateSync(vast, 1024 * MIB)
        const ended = await onTerminal(['cut', vast, String(12_345 * time)], args)
        expect({ status: ended.status, output: ended.output, isDone: ended.isDone }).toEqual({
          status: 2,
          output: '',
          isDone: true,
        })
        expect(ended.errors.replaceAll(PROGRESS, '')).toMatch(/^mapscope: ERR_FAULT: [^\n]*\r\n$/)
      }
    },
    timeoutMs,
  )
})

describe('Ctrl-C', () => {
  test.each(ROWS)(
    '$name ends with 130, whole lines and no word',
    async ({ args, endOf }) => {
      layOut()
      for (let time = 0; time < TIMES; time++) {
        const ended = await interrupted(args, (pid) => process.kill(pid, 'SIGINT'))
        expect({ status: ended.status, errors: ended.errors }).toEqual({ status: 130, errors: '' })
        const lines = linesOf(ended.output)
        expect(lines.length).toBeGreaterThan(100)
        for (const line of lines) expect(endOf(line)).toBeGreaterThan(0)
      }
    },
    timeoutMs,
  )

  test.each(SILENT)(
    '$name ends with 130 on a terminal, where nothing but the progress line was',
    async ({ args }) => {
      truncateSync(vast, 1024 * MIB)
      const { status, output, errors, isDone } = await onTerminal(['interrupt'], args)
      expect({ status, output, isDone }).toEqual({ status: 130, output: '', isDone: true })
      expect(errors.replaceAll(PROGRESS, '')).toBe('\r\n')
    },
    timeoutMs,
  )
})

describe('where the output goes', () => {
  const shell = (line: string): string => String(execFileSync('bash', ['-c', `{ ${line}; } 2>&1`]))
  const quoted = (args: readonly string[]): string =>
    [process.execPath, CLI, ...args].map((arg) => `'${arg}'`).join(' ')

  test.each(ROWS)(
    '$name: a reader that leaves is no error; a full disk is ERR_OUTPUT',
    ({ args }) => {
      layOut()
      const [line = '', status, ...rest] = shell(`${quoted(args)} | head -n 1; echo "\${PIPESTATUS[0]}"`).split('\n')
      expect(line).not.toBe('')
      expect([status, rest]).toEqual([args[0] === 'diff' ? '1' : '0', ['']])
      expect(shell(`${quoted(args)} > /dev/full; echo $?`)).toMatch(/^mapscope: ERR_OUTPUT: .*ENOSPC.*\n2\n$/)
    },
    timeoutMs,
  )
})

interface TerminalEnded extends Ended {
  /** Whether there was a progress line, at which it was done. */
  readonly isDone: boolean
}

async function onTerminal(action: readonly string[], args: readonly string[]): Promise<TerminalEnded> {
  const { stdout } = await promisify(execFile)('python3', [ON_TERMINAL, ...action, process.execPath, CLI, ...args])
  return JSON.parse(stdout) as TerminalEnded
}
