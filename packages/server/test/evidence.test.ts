import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type MappedSource, openFile } from '@mapscope/core'
import { describe, expect, test } from 'vitest'
import { verifyTrail } from '../src/audit/verify.ts'
import { computeChunkHashes } from '../src/evidence/chunk_hashes.ts'
import { EVIDENCE_CHUNK_BYTE_LENGTH as CHUNK, Manifest, manifestPath } from '../src/evidence/manifest.ts'
import { isInTree, merklePath, merkleRoot } from '../src/evidence/merkle.ts'
import { makeEtag } from '../src/http/content.ts'
import { linesOf, mapscope, outputOf } from './support/command.ts'
import { eventually } from './support/eventually.ts'
import { Serving } from './support/serving.ts'
import { makeSparse, SPARSE_BYTE_LENGTH, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const file = join(folder, 'disk.img')
/** Five chunks, the last one short, the third a hole. */
const byteLength = 4 * CHUNK + 12_345
const contents = Buffer.concat([randomBytes(2 * CHUNK), Buffer.alloc(CHUNK), randomBytes(CHUNK + 12_345)])
writeSparse(file)

function writeSparse(path: string): void {
  const fd = openSync(path, 'w')
  ftruncateSync(fd, byteLength)
  writeSync(fd, contents, 0, 2 * CHUNK, 0)
  writeSync(fd, contents, 3 * CHUNK, CHUNK + 12_345, 3 * CHUNK)
}

describe('the tree', () => {
  test('proves every leaf of trees of every size up to 40, and no other leaf, place or size', () => {
    for (let count = 1; count <= 40; count++) {
      const leaves = Array.from({ length: count }, () => randomBytes(32))
      const root = merkleRoot(leaves)
      for (const [index, digest] of leaves.entries()) {
        const path = merklePath(leaves, index)
        expect(isInTree(root, { digest, index, count, path })).toBe(true)
        expect(isInTree(root, { digest: randomBytes(32), index, count, path })).toBe(false)
        if (count > 1) expect(isInTree(root, { digest, index: (index + 1) % count, count, path })).toBe(false)
        expect(isInTree(root, { digest, index, count: index, path })).toBe(false)
        expect(isInTree(root, { digest, index, count, path: [...path, randomBytes(32)] })).toBe(false)
      }
    }
  })
})

describe('chunk hashes', () => {
  test('are those of sha256sum, holes without reading them', async () => {
    const { digests } = await hashed(join(folder, 'all.txt'))
    for (const [index, digest] of digests.entries()) {
      const command = `tail -c +${index * CHUNK + 1} ${file} | head -c ${CHUNK} | sha256sum`
      expect((await outputOf('sh', '-c', command)).split(' ')[0], `chunk ${index}`).toBe(digest.toString('hex'))
    }
    expect(digests).toHaveLength(5)
  })

  test('are gone on with after an abort and after a torn line', async () => {
    const path = join(folder, 'resumed.txt')
    const stop = new AbortController()
    const source = openFile(file)
    const manifest = Manifest.open(path, subject())
    const aborted = computeChunkHashes(source, {
      manifest,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(aborted).rejects.toThrow('enough')
    expect(manifest.digests.length).toBeGreaterThan(0)
    await source.close()
    truncateSync(path, statSync(path).size - 10)
    const before = readFileSync(path, 'utf8').split('\n').length - 2
    const again = Manifest.open(path, subject())
    expect(again.digests).toHaveLength(before)
    const { digests } = await hashed(path)
    expect(digests).toEqual((await hashed(join(folder, 'all.txt'))).digests)
  })

  test('of another state are begun anew, and a change meanwhile is told', async () => {
    const path = join(folder, 'other.txt')
    await hashed(path)
    expect(Manifest.open(path, { ...subject(), etag: '"another"' }).digests).toEqual([])
    const source = openFile(file)
    const manifest = Manifest.open(join(folder, 'changed.txt'), subject())
    await expect(computeChunkHashes(source, { manifest, isCurrent: () => false })).rejects.toThrow('was changed')
    await source.close()
  })

  if (process.platform === 'linux') {
    test('of 15 TiB of holes take as long as their lines', async () => {
      const path = join(folder, 'sparse.img')
      makeSparse(path)
      const source = openFile(path)
      const manifest = Manifest.open(join(folder, 'sparse.txt'), {
        path: 'x',
        etag: '"x"',
        byteLength: SPARSE_BYTE_LENGTH,
      })
      await computeChunkHashes(source, { manifest })
      expect(manifest.digests).toHaveLength(SPARSE_BYTE_LENGTH / CHUNK)
      // The mark at 5 GiB is in a chunk of its own.
      expect(manifest.digests[320]).not.toEqual(manifest.digests[321])
      await source.close()
    })
  }
})

describe('evidence mode', () => {
  test('hashes what it serves, and a range of it is exported and proven without the file', async () => {
    const auditFile = join(folder, 'trail.jsonl')
    const serving = await Serving.start({ roots: [file], auditFile, isEvidence: true })
    await eventually(() => expect(readFileSync(auditFile, 'utf8')).toContain('"kind":"hashed"'), 30_000)
    await serving.app.close()
    const verdict = await verifyTrail(auditFile)
    expect(verdict.findings).toEqual([])
    const [start, end] = [CHUNK - 100, 3 * CHUNK + 7]
    const exported = async (name: string, ...more: string[]): Promise<string> => {
      const output = join(folder, name)
      const args = ['--file', file, '--audit', auditFile, '--start', String(start), '--end', String(end), '-o', output]
      const ended = await mapscope('audit', 'export', ...args, ...more)
      expect([ended.status, ended.errors]).toEqual([0, ''])
      return output
    }
    const output = await exported('range.bin')
    expect(readFileSync(output).equals(contents.subarray(start, end))).toBe(true)
    expect(statSync(`${auditFile}.key`).mode & 0o777).toBe(0o600)
    const proof = `${output}.proof.json`
    const checked = await mapscope('audit', 'check', proof, output)
    expect([checked.status, linesOf(checked)[2]]).toEqual([
      0,
      `${2 * CHUNK} of ${end - start} bytes by chunk hashes, the rest by the signature`,
    ])
    expect(checked.output).toContain(`trail ${verdict.head.sequence} ${verdict.head.hash}`)

    const whole = await exported('whole.bin', '--whole-chunks')
    expect(statSync(whole).size).toBe(4 * CHUNK)
    const wholeChecked = await mapscope('audit', 'check', `${whole}.proof.json`, whole)
    expect(wholeChecked.output).toContain(`${4 * CHUNK} of ${4 * CHUNK} bytes by chunk hashes`)

    // Whatever is changed is found: a byte, the length, the statement, the signer.
    const signer = /signer ([0-9a-f]{64})/.exec(checked.output)?.[1] ?? ''
    expect((await mapscope('audit', 'check', proof, output, '--signer', signer)).status).toBe(0)
    expect((await mapscope('audit', 'check', proof, output, '--signer', 'f'.repeat(64))).status).toBe(1)
    const forged = join(folder, 'forged.bin')
    const changes: ((bytes: Buffer) => Buffer)[] = [
      (bytes) => Buffer.concat([Buffer.from([(bytes[0] ?? 0) ^ 1]), bytes.subarray(1)]),
      (bytes) => bytes.subarray(0, -1),
      (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]),
    ]
    for (const change of changes) {
      writeFileSync(forged, change(readFileSync(output)))
      const found = await mapscope('audit', 'check', proof, forged)
      expect([found.status, found.output.includes('NOT PROVEN')]).toEqual([1, true])
    }
    const text = JSON.parse(readFileSync(proof, 'utf8')) as { statement: string }
    const forgedProof = join(folder, 'forged.json')
    writeFileSync(forgedProof, JSON.stringify({ ...text, statement: text.statement.replace('disk.img', 'dusk.img') }))
    expect((await mapscope('audit', 'check', forgedProof, output)).status).toBe(1)
    writeFileSync(forgedProof, '{}')
    expect((await mapscope('audit', 'check', forgedProof, output)).status).toBe(2)
  })

  test('hashes that are not the file’s are not signed', async () => {
    const auditFile = join(folder, 'lying.jsonl')
    writeFileSync(auditFile, '')
    const source = openFile(file)
    const etag = makeEtag(source.status(), 0)
    await source.close()
    const path = manifestPath(auditFile, etag)
    Manifest.open(path, { ...subject(), etag })
    copyFileSync(join(folder, 'all.txt'), `${path}.all`)
    const digests = readFileSync(`${path}.all`, 'utf8').split('\n').slice(1, -1)
    Manifest.open(path, { ...subject(), etag }).append(digests.with(1, 'a'.repeat(64)))
    const output = join(folder, 'lie.bin')
    const args = [
      '--file',
      file,
      '--audit',
      auditFile,
      '--start',
      String(CHUNK),
      '--end',
      String(CHUNK + 1),
      '-o',
      output,
    ]
    const ended = await mapscope('audit', 'export', ...args)
    expect([ended.status, ended.output.includes('NOT EXPORTED')]).toEqual([1, true])
    expect(existsSync(output)).toBe(false)
  })

  test('is read-only whatever is asked', async () => {
    const serving = await Serving.start({ roots: [file], auditFile: join(folder, 'ro.jsonl'), isEvidence: true })
    const { id, mode } = await serving.open('disk.img')
    expect(mode).toBe('read-only')
    expect((await serving.edit(id, { offset: 0, bytes: Buffer.from('x') })).status).toBe(403)
  })
})

function subject(): { path: string; etag: string; byteLength: number } {
  return { path: 'disk.img', etag: '"state"', byteLength }
}

async function hashed(path: string): Promise<Manifest> {
  const source: MappedSource = openFile(file)
  const manifest = Manifest.open(path, subject())
  await computeChunkHashes(source, { manifest })
  await source.close()
  return manifest
}
