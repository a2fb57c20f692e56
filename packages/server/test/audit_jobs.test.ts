import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from './support/eventually.ts'
import { finish } from './support/jobs.ts'
import { Serving } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

test('a comparison is told of both files', async () => {
  const folder = temporaryFolder()
  const auditFile = join(folder, 'audit.jsonl')
  for (const name of ['one', 'other']) writeFileSync(join(folder, name), name)
  const serving = await Serving.start({ roots: [join(folder, 'one'), join(folder, 'other')], auditFile })
  const [one, other] = [await serving.open('one'), await serving.open('other')]
  await finish(serving, one.id, { kind: 'diff', otherDocumentId: other.id })
  await eventually(() => {
    const lines = readFileSync(auditFile, 'utf8').trim().split('\n')
    const jobs = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'job')
    expect(jobs.at(-1)?.server).toMatchObject({ jobKind: 'diff', path: 'one', otherPath: 'other', state: 'done' })
  })
})
