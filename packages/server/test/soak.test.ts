import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SOAK = fileURLToPath(new URL('../../../bench/subjects/soak.mjs', import.meta.url))
const SECONDS = 35

interface Report {
  readonly isAlive: boolean
  readonly requests: number
  readonly checkedBytes: number
  readonly cancelled: number
  readonly sockets: number
  readonly messages: number
  readonly edits: number
  readonly cuts: number
  readonly anonymousGrowthMiB: number
  readonly before: Holdings
  readonly after: Holdings
  readonly failures: readonly unknown[]
}

interface Holdings {
  readonly descriptors: number
  readonly fileMaps: number
}

// What it looks at is in /proc. `node bench/subjects/soak.mjs SECONDS SEED` runs it alone, and for as long as one likes.
if (existsSync('/proc/self/maps')) {
  test('50 viewers of files that others edit, cut and grow: every byte is right, and nothing is kept', async () => {
    const seed = Math.floor(Math.random() * 1e9)
    const { failures, before, after, ...report } = await soak(seed)
    expect(failures, `seed ${seed}`).toEqual([])
    expect(report.isAlive).toBe(true)
    for (const count of ['requests', 'checkedBytes', 'cancelled', 'sockets', 'messages', 'edits', 'cuts'] as const)
      expect(report[count], count).toBeGreaterThan(0)
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
    expect(after.fileMaps).toBeLessThanOrEqual(before.fileMaps)
    // Half a minute is not long enough for V8's heap to settle; what leaks at each of hundreds of requests is more than this.
    expect(report.anonymousGrowthMiB).toBeLessThan(32)
  }, 180_000)
}

function soak(seed: number): Promise<Report> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [SOAK, String(SECONDS), String(seed)], (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`the soak of seed ${seed} printed nothing: ${error?.message} ${stderr}`))
      else resolve(JSON.parse(stdout) as Report)
    })
  })
}
