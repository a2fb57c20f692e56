import { appendFileSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { JobRecord } from '../src/jobs/backend.ts'
import { fold, type JournalEntry } from '../src/jobs/fold.ts'
import { FileJournal } from '../src/jobs/journal.ts'
import { eventually } from './support/eventually.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const newFolder = (): string => mkdtempSync(join(folder, 'journal-'))
const GENERATION = 'x'

function order(id: string, text = 'AB'): JournalEntry {
  const request = { kind: 'search', query: { kind: 'hex', text } } as const
  const range = { start: 0, end: 10 }
  const who = { principal: 'vera', role: 'view', clientId: '' } as const
  return { t: 'order', order: { id, ...who, path: 'a', request, range, generation: GENERATION, createdMs: 1 } }
}

function shard(jobId: string, number: number): JournalEntry {
  const result = { rowCount: number + 1, carry: {}, unreadable: [], hasChanged: false }
  return { t: 'shard', key: { jobId, shard: number, generation: GENERATION }, result }
}

/** What a server does with a job, in its order. */
const life = (id: string): JournalEntry[] => [
  order(id),
  { t: 'start', id, ms: 2 },
  { t: 'plan', id, generation: GENERATION, cuts: [4, 8, 10] },
  ...[0, 1, 2].map((number) => shard(id, number)),
  { t: 'end', id, end: { state: 'done' }, ms: 3 },
  { t: 'remove', id },
]

test('a journal that is written anew while it is appended to loses nothing (seeded)', async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const random = seeded(seed)
    const state = newFolder()
    const { journal } = FileJournal.open(state, 1_000)
    const expected = new Map<string, JobRecord>()
    const lives = Array.from({ length: 40 }, (_, index) => life(`job-${index}`))
    const writing: Promise<void>[] = []
    while (lives.length > 20) {
      const at = random(lives.length)
      const entry = lives[at]?.shift()
      if (entry === undefined) lives.splice(at, 1)
      else {
        fold(expected, entry)
        writing.push(journal.append([entry]))
      }
      if (random(4) === 0) await Promise.all(writing.splice(0))
      if (random(4) === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(writing)
    await journal.close()
    const again = FileJournal.open(state)
    await again.journal.close()
    expect([...again.jobs.values()], `seed ${seed}`).toEqual([...expected.values()])
    expect(readdirSync(state)).toEqual(['jobs.jsonl'])
  }
})

test('what is past takes no room for long, and whoever appended does not wait for it to go', async () => {
  const state = newFolder()
  const path = join(state, 'jobs.jsonl')
  const { journal } = FileJournal.open(state, 100_000)
  let appendedByteLength = 0
  for (let round = 0; round < 100; round++) {
    const entries = [order(`job-${round}`, 'AB '.repeat(5_000)), { t: 'remove', id: `job-${round}` } as const]
    appendedByteLength += JSON.stringify(entries).length
    await journal.append(entries)
  }
  expect(appendedByteLength).toBeGreaterThan(1_000_000)
  await eventually(() => expect(statSync(path).size).toBeLessThan(150_000))
  await journal.append([order('last')])
  await journal.close()
  const { journal: again, jobs } = FileJournal.open(state)
  await again.close()
  expect([...jobs.keys()]).toEqual(['last'])
})

test('a journal longer than the longest text there is, is read all the same', async () => {
  const state = newFolder()
  const { journal } = FileJournal.open(state)
  await journal.append([order('first')])
  await journal.close()
  const path = join(state, 'jobs.jsonl')
  const line = Buffer.from(`${JSON.stringify({ t: 'remove', id: 'x'.repeat(1024 ** 2) })}\n`)
  const fd = openSync(path, 'a')
  for (let count = 0; count < 520; count++) appendFileSync(fd, line)
  closeSync(fd)
  appendFileSync(path, `${JSON.stringify(order('last'))}\n`)
  const { journal: again, jobs } = FileJournal.open(state)
  await again.close()
  expect([...jobs.keys()]).toEqual(['first', 'last'])
  expect(readFileSync(path, 'utf8').length).toBeLessThan(2_000)
})
