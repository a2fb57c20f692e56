// node bench/subjects/soak.mjs [SECONDS] [SEED]: prints what a soak of the real server found, as JSON; exit status 1 when anything was wrong.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startServer } from '../lib/server.mjs'
import { BLOCK, SoakFile } from '../lib/soak/disk.mjs'
import { openDocument } from '../lib/soak/open_document.mjs'
import { holdingsOf } from '../lib/soak/process.mjs'
import { Viewer } from '../lib/soak/viewer.mjs'

const VIEWERS = 50
const [seconds = 600, seed = 1] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(path.join(tmpdir(), 'mapscope-soak-'))
const served = path.join(folder, 'soak')
mkdirSync(served)

let state = BigInt(seed)
const random = (limit) => {
  state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn
  return Number(((state >> 11n) * BigInt(limit)) >> 53n)
}

const MiB = 1024 * 1024
const specifications = [
  ...[0, 1, 2].map((id) => ({ id, name: `edited${id}`, byteLength: 2 * MiB })),
  ...[3, 4].map((id) => ({ id, name: `cut${id}`, byteLength: 2 * MiB, isCut: true })),
  // Past 4 GiB; all but its last MiB is a hole.
  { id: 5, name: 'large', byteLength: 6 * 1024 * MiB, firstBlock: (6 * 1024 * MiB - MiB) / BLOCK },
]
const files = specifications.map((one) =>
  Object.assign(new SoakFile(path.join(served, one.name), one), { name: one.name }),
)
assertChecking(files[0])
const server = await startServer([served])
// A soak that fails itself leaves no server behind.
process.once('exit', () => {
  if (server.isRunning()) process.kill(server.pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const soak = {
  files,
  port: Number(new URL(server.origin).port),
  headers: server.headers,
  step: 0,
  nextId: 0,
  failures: [],
  counts: {
    requests: 0,
    refused: 0,
    broken: 0,
    cancelled: 0,
    checkedBytes: 0,
    sockets: 0,
    messages: 0,
    edits: 0,
    cuts: 0,
  },
  openDocument: (name) => openDocument(soak, `soak/${name}`),
  fail: (failure) => soak.failures.push(failure),
}
for (const { name } of files) await soak.openDocument(name)
const before = holdingsOf(server.pid, served)
const samples = []

/** The other process that changes files is this one. */
function change() {
  soak.step++
  const file = files[random(files.length)]
  if (file.isCut && file.presentByteLength < file.byteLength) return file.grow(soak.step)
  if (file.isCut && random(6) === 0) {
    soak.counts.cuts++
    return file.cut(1 + random(file.byteLength / BLOCK - 1), soak.step)
  }
  const blockCount = file.presentByteLength / BLOCK - file.firstBlock
  for (let i = 0; i < 4; i++) {
    const block = file.firstBlock + random(blockCount)
    file.write(block, (file.versionOf(block) % 60_000) + 1, soak.step)
    soak.counts.edits++
  }
}

const until = Date.now() + seconds * 1_000
const changing = setInterval(change, 5)
const sampling = setInterval(() => samples.push(holdingsOf(server.pid, served)), 500)
const viewers = Array.from({ length: VIEWERS }, () => new Viewer({ soak, random }))
await Promise.all(
  viewers.map((viewer) => viewer.run(until).catch((error) => soak.fail({ what: String(error?.stack ?? error) }))),
)
clearInterval(changing)
clearInterval(sampling)
const after = await settled()
const isAlive = (await fetch(`${server.origin}/healthz`)).status === 200
await server.stop()
for (const file of files) file.close()

/** A connection that is kept alive is let go of after five seconds of silence; what is there half a minute later is held for good. */
async function settled() {
  for (const late = Date.now() + 30_000; ; ) {
    const now = holdingsOf(server.pid, served)
    if (Date.now() > late || (now.descriptors <= before.descriptors && now.fileMaps <= before.fileMaps)) return now
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

const middle = samples.slice(samples.length / 3, (samples.length * 2) / 3)
const last = samples.slice((samples.length * 2) / 3)
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1]
const report = {
  seconds,
  seed,
  viewers: VIEWERS,
  isAlive,
  ...soak.counts,
  before,
  after,
  anonymousGrowthMiB: median(last.map((one) => one.anonymousMiB)) - median(middle.map((one) => one.anonymousMiB)),
  failureCount: soak.failures.length,
  failures: soak.failures.slice(0, 10),
}
process.stdout.write(`${JSON.stringify(report, null, 1)}\n`)
process.exit(isAlive && soak.failures.length === 0 ? 0 : 1)

/** A check that finds nothing wrong has to be seen finding something. */
function assertChecking(file) {
  const bytes = readFileSync(file.path)
  if (file.wrongIn(bytes, 0, 0) !== undefined) throw new Error('the check calls a file wrong that is right')
  for (const at of [0, 4099, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[at] ^= 1
    if (file.wrongIn(changed, 0, 0) === undefined) throw new Error(`the check does not see byte ${at} change`)
  }
  if (file.wrongIn(bytes.subarray(BLOCK), 0, 0) === undefined)
    throw new Error('the check does not see bytes of elsewhere')
}
