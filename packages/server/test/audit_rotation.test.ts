import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AuditFile } from '../src/audit/audit_file.ts'
import { parseLine } from '../src/audit/line.ts'
import { verifyTrail } from '../src/audit/verify.ts'
import { Child } from './support/child.ts'
import { linesOf, mapscope } from './support/command.ts'
import { ask } from './support/serving.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
writeFileSync(join(folder, 'a.bin'), 'evidence')
let count = 0

function newTrail(): string {
  const own = join(folder, `trail-${++count}`)
  mkdirSync(own)
  return join(own, 'trail.jsonl')
}

const filesOf = (path: string): string[] => readdirSync(join(path, '..')).sort()
const fail = (error: unknown): never => {
  throw error
}

/** Lines of some 250 bytes, each flushed: about three to a file. */
async function trailOf(path: string, lineCount: number): Promise<void> {
  const file = AuditFile.open(path, { maxByteLength: 800, onFailure: fail })
  for (let n = 1; n <= lineCount; n++) {
    file.append({ kind: 'opened', who: 'vera', server: { n } })
    await file.flush()
  }
  await file.close()
}

describe('a trail that grows', () => {
  test('goes on in another file, whose first line names the one before and has its last hash', async () => {
    const path = newTrail()
    await trailOf(path, 10)
    const names = filesOf(path)
    expect(names.length).toBeGreaterThan(2)
    expect(names.slice(0, 3)).toEqual(['trail.jsonl', 'trail.jsonl.000001', 'trail.jsonl.000002'])
    const [first = [], second = []] = ['trail.jsonl.000001', 'trail.jsonl.000002'].map((name) =>
      readFileSync(join(path, '..', name), 'utf8')
        .trimEnd()
        .split('\n')
        .map(parseLine),
    )
    const last = first.at(-1)
    expect(second[0]).toMatchObject({
      kind: 'continued',
      previous: last?.hash,
      server: { file: 'trail.jsonl.000001', sequence: last?.sequence, hash: last?.hash },
    })
    if (process.platform !== 'win32') expect(statSync(`${path}.000001`).mode & 0o777).toBe(0o400)
    const verdict = await verifyTrail(path)
    expect([verdict.findings, verdict.fileCount]).toEqual([[], names.length])
    const told = [...first, ...second].flatMap((line) => line?.server['n'] ?? [])
    expect(told).toEqual([...told.keys()].map((at) => at + 1))
  })

  test('is taken up again where it was, and never begun anew beside its former files', async () => {
    const path = newTrail()
    await trailOf(path, 5)
    await trailOf(path, 5)
    expect((await verifyTrail(path)).findings).toEqual([])
    const kept = readFileSync(path)
    writeFileSync(path, '')
    expect(() => AuditFile.open(path)).toThrow('put it back')
    rmSync(path)
    expect(() => AuditFile.open(path)).toThrow('put it back')
    expect(filesOf(path)).not.toContain('trail.jsonl')
    writeFileSync(path, kept)
    await trailOf(path, 1)
    expect((await verifyTrail(path)).findings).toEqual([])
  })

  test('lines that are appended while others are written stand in order, whatever the moment (seeded)', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const random = seeded(seed)
      const path = newTrail()
      const file = AuditFile.open(path, { maxByteLength: 1_500, onFailure: fail })
      const flushes: Promise<void>[] = []
      for (let n = 0; n < 300; n++) {
        file.append({ kind: 'opened', who: 'vera', server: { n } })
        if (random(4) === 0) flushes.push(file.flush())
        if (random(3) === 0) await flushes.at(random(flushes.length))
      }
      await Promise.all(flushes)
      await file.close()
      const { findings, fileCount } = await verifyTrail(path)
      expect([findings, fileCount > 5], `seed ${seed}`).toEqual([[], true])
    }
  })

  if (process.getuid?.() !== 0 && process.platform !== 'win32') {
    test('that cannot go on in another file goes on in its own', async () => {
      const path = newTrail()
      const failures: unknown[] = []
      const file = AuditFile.open(path, { maxByteLength: 100, onFailure: (error) => failures.push(error) })
      chmodSync(join(path, '..'), 0o500)
      for (let n = 0; n < 3; n++) {
        file.append({ kind: 'opened', who: 'vera', server: { n } })
        await file.flush()
      }
      expect(failures).toHaveLength(1)
      chmodSync(join(path, '..'), 0o700)
      await file.close()
      expect((await verifyTrail(path)).findings).toEqual([])
    })
  }
})

describe('audit verify', () => {
  const verify = async (path: string): Promise<[unknown, string[]]> => {
    const ended = await mapscope('audit', 'verify', path)
    return [ended.status, linesOf(ended)]
  }

  test('follows the whole chain, and finds the file that was removed, whichever it is', async () => {
    const path = newTrail()
    await trailOf(path, 12)
    const fileCount = filesOf(path).length
    const [status, lines] = await verify(path)
    expect([status, lines[0]]).toEqual([0, expect.stringContaining(`of ${fileCount} files`)])
    for (const name of filesOf(path)) {
      const file = join(path, '..', name)
      const bytes = readFileSync(file)
      rmSync(file)
      const [first] = (await verifyTrail(path)).findings
      expect(first?.problem, name).toBe('removed')
      expect(first?.message).toContain(`${name}, which`)
      writeFileSync(file, bytes)
    }
    rmSync(`${path}.000002`)
    const [broken, told] = await verify(path)
    expect([broken, told[0]]).toEqual([1, expect.stringMatching(/^trail.jsonl.000003 line 1 {2}removed/)])
  }, 60_000)

  test('says in which file a line was changed', async () => {
    const path = newTrail()
    await trailOf(path, 12)
    const file = `${path}.000002`
    chmodSync(file, 0o600)
    writeFileSync(file, readFileSync(file, 'utf8').replace('vera', 'anna'))
    const { findings } = await verifyTrail(path)
    expect(findings).toMatchObject([{ file: 'trail.jsonl.000002', line: 2, problem: 'changed' }])
  })
})

describe('a crash', () => {
  test('between any two steps of going on in another file leaves a trail that is whole', async () => {
    const path = newTrail()
    await trailOf(path, 4)
    // The next file is written, and has no name yet.
    writeFileSync(`${path}.next`, 'half a li')
    expect((await verifyTrail(path)).findings).toEqual([])
    // This one is put away, and still has its own name.
    const number = filesOf(path).filter((name) => /\d$/.test(name)).length + 1
    linkSync(path, `${path}.${String(number).padStart(6, '0')}`)
    expect((await verifyTrail(path)).findings).toEqual([])
    await trailOf(path, 4)
    const { findings, head } = await verifyTrail(path)
    expect(findings).toEqual([])
    expect(head.sequence).toBeGreaterThan(8)
    expect(filesOf(path)).not.toContain('trail.jsonl.next')
  })

  test('kill -9 again and again past rotations, and the chain goes on', async () => {
    const path = newTrail()
    const random = seeded(7)
    for (let round = 0; round < 3; round++) {
      const args = ['--port', '0', '--audit', path, '--audit-rotate', '0.002', '--writable', join(folder, 'a.bin')]
      const child = Child.run(['serve', ...args])
      const { port, token } = await child.link()
      const headers = { authorization: `Bearer ${token}` }
      const opened = await ask(port, '/api/v1/documents', { method: 'POST', headers, body: { path: 'a.bin' } })
      const { id } = JSON.parse(String(opened.body)) as { id: string }
      let left = 20 + random(40)
      const edit = async (): Promise<void> => {
        while (left-- > 0)
          await ask(port, `/api/v1/documents/${id}/edits`, {
            method: 'POST',
            headers,
            body: { offset: 0, bytes: 'WFg=' },
          })
        child.process.kill('SIGKILL')
      }
      await Promise.all(Array.from({ length: 4 }, () => edit().catch(() => undefined)))
      await child.exited
    }
    const last = AuditFile.open(path)
    await last.close()
    const { findings, fileCount } = await verifyTrail(path)
    expect(findings).toEqual([])
    expect(fileCount).toBeGreaterThan(5)
  }, 90_000)
})
