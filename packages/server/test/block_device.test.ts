import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, symlinkSync, truncateSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { atEnd } from './support/at_end.ts'
import { Serving } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const BYTE_LENGTH = 6 * 1024 ** 3
const device = loopDevice()

/** A device over a sparse file of ours; `undefined` where this user may not make one. */
function loopDevice(): string | undefined {
  const image = join(folder, 'image')
  closeSync(openSync(image, 'w'))
  truncateSync(image, BYTE_LENGTH)
  try {
    const made = String(
      execFileSync('losetup', ['-f', '--show', image], { stdio: ['ignore', 'pipe', 'ignore'] }),
    ).trim()
    atEnd(() => execFileSync('losetup', ['-d', made]))
    return made
  } catch {
    return undefined
  }
}

if (device !== undefined) {
  test('a block device is served by its size, past 4 GiB, read-only also with --writable', async () => {
    const mark = randomBytes(1_000)
    const start = 5 * 1024 ** 3
    const fd = openSync(device, 'r+')
    writeSync(fd, mark, 0, mark.length, start)
    closeSync(fd)
    const serving = await Serving.start({ roots: [device], isWritable: true })
    const name = basename(device)
    const document = await serving.open(name)
    expect(document).toMatchObject({ byteLength: BYTE_LENGTH, mode: 'read-only' })
    expect(document.readOnlyReason).toContain('block device')
    expect((await serving.read(document.id, start, start + 1_000)).body.equals(mark)).toBe(true)
    const last = await serving.ask(`/raw/${name}`, { headers: { range: 'bytes=-1' } })
    expect([last.status, last.headers['content-range']]).toEqual([
      206,
      `bytes ${BYTE_LENGTH - 1}-${BYTE_LENGTH - 1}/${BYTE_LENGTH}`,
    ])
    expect((await serving.edit(document.id, { offset: 0, bytes: Buffer.from('x') })).status).toBe(403)
    const { body } = await serving.ask('/api/v1/files')
    expect(JSON.parse(String(body))).toMatchObject({ entries: [{ name, kind: 'file', byteLength: BYTE_LENGTH }] })
  })

  test('a link to a device outside of what is served is refused', async () => {
    const root = temporaryFolder()
    symlinkSync(device, join(root, 'disk'))
    const serving = await Serving.start({ roots: [root] })
    expect((await serving.ask(`/raw/${basename(root)}/disk`)).status).toBe(403)
  })
}

test('a character device is no file', async () => {
  await expect(Serving.start({ roots: ['/dev/null'] })).rejects.toThrow('nor a block device')
})
