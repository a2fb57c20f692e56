import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Child } from './support/child.ts'
import { ask } from './support/serving.ts'
import { MARKS, makeSparse, SPARSE_BYTE_LENGTH, seeded, temporaryFolder } from './support/temporary.ts'

const SEED = 64
const CHUNK = 64 * 1024

test('2,000 random chunks of 15 TiB grow the server by less than 64 MiB', async () => {
  const path = join(temporaryFolder(), 'sparse')
  makeSparse(path)
  const child = Child.run(['serve', path, '--port', '0'])
  const { port, token } = await child.link()
  const headers = { authorization: `Bearer ${token}` }
  const { body } = await ask(port, '/api/v1/documents', { method: 'POST', headers, body: { path: 'sparse' } })
  const { id } = JSON.parse(String(body)) as { id: string }
  const startBytes = child.status('VmRSS')
  const next = seeded(SEED)
  let peakBytes = 0
  for (let round = 0; round < 2_000; round += 4) {
    const places = Array.from({ length: 4 }, () => Math.floor(next(SPARSE_BYTE_LENGTH - CHUNK) / CHUNK) * CHUNK)
    if (round % 100 === 0) places[0] = Math.floor((MARKS[next(MARKS.length)]?.offset ?? 0) / CHUNK) * CHUNK
    const answers = await Promise.all(
      places.map((start) =>
        ask(port, `/api/v1/documents/${id}/bytes?revision=1`, {
          headers: { ...headers, range: `bytes=${start}-${start + CHUNK - 1}` },
        }),
      ),
    )
    for (const [index, answer] of answers.entries()) {
      expect([answer.status, answer.body.length], `seed ${SEED} round ${round} at ${places[index]}`).toEqual([
        206,
        CHUNK,
      ])
      const mark = MARKS.find(({ offset }) => offset >= (places[index] ?? 0) && offset < (places[index] ?? 0) + CHUNK)
      if (mark !== undefined) expect(answer.body.includes(mark.text), `seed ${SEED} round ${round}`).toBe(true)
    }
    if (round % 100 === 0) peakBytes = Math.max(peakBytes, child.status('VmRSS'))
  }
  peakBytes = Math.max(peakBytes, child.status('VmRSS'))
  const growthMib = (peakBytes - startBytes) / 1024 ** 2
  expect(growthMib, `from ${startBytes} to ${peakBytes} bytes`).toBeLessThan(64)
})
