import path from 'node:path'
import { inFolder, seeded, TiB, writeSparse } from '../lib/files.mjs'
import { startServer } from '../lib/server.mjs'
import { spread } from '../lib/statistics.mjs'

const JUMPS = 2000
const CHUNK = 64 * 1024
const BYTE_LENGTH = 15 * TiB
const SEED = 20261122
const MARK = 'MAPSCOPE-MARK-16'

/** What the explorer asks for on a jump, from a program: 64 KiB on the chunk grid, with the revision. Every 100th has a known answer. */
export function jumpsTrial() {
  return inFolder(async (folder) => {
    const random = seeded(SEED)
    const places = Array.from({ length: JUMPS }, () => Math.floor((random() * BYTE_LENGTH) / CHUNK) * CHUNK)
    const marked = new Set(places.filter((_, index) => index % 100 === 0))
    writeSparse(path.join(folder, 'huge.img'), BYTE_LENGTH, marked, MARK)
    const server = await startServer([path.join(folder, 'huge.img')])
    const before = server.rssMiB()
    const document = await server.open('huge.img')
    const times = []
    let peak = before
    for (const offset of places) {
      const started = performance.now()
      const bytes = await chunkAt(server, document, offset)
      times.push(performance.now() - started)
      peak = Math.max(peak, server.rssMiB())
      const expected = marked.has(offset) ? MARK : '\0'.repeat(MARK.length)
      if (bytes.subarray(0, MARK.length).toString('latin1') !== expected) throw new Error(`wrong bytes at ${offset}`)
    }
    const after = server.rssMiB()
    await server.stop()
    const growth = peak - before
    return {
      unit: 'MiB of resident memory; ms a jump',
      seed: SEED,
      results: { startUpMiB: before, peakMiB: peak, afterMiB: after, growthMiB: growth, jumpMs: spread(times) },
      summary: [
        `resident: ${before.toFixed(1)} MiB at start, ${peak.toFixed(1)} at most, ${after.toFixed(1)} after; growth ${growth.toFixed(1)} (limit 64)`,
        `a jump: median ${spread(times).median} ms, p95 ${spread(times).p95} ms`,
      ],
    }
  })
}

async function chunkAt(server, document, offset) {
  const url = `${server.origin}/api/v1/documents/${document.id}/bytes?revision=${document.revision}`
  const range = `bytes=${offset}-${offset + CHUNK - 1}`
  const response = await fetch(url, { headers: { ...server.headers, range } })
  if (response.status !== 206) throw new Error(`status ${response.status} for ${range}`)
  return Buffer.from(await response.arrayBuffer())
}
