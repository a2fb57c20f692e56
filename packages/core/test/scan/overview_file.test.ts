import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type MappedSource, Overview, OverviewFile, openFile } from '../../src/index.ts'
import { Random, SEED } from '../support/random.ts'
import { TempFolder, TIB } from '../support/temp.ts'

const folder = new TempFolder()
const content = new Random(SEED).bytes(300_000)

async function refine(overview: Overview, range?: { start: number; end: number }): Promise<void> {
  for await (const _ of overview.refine({ range }));
}

function store(path: string, offset: number, text: string): void {
  const file = openSync(path, 'r+')
  writeSync(file, text, offset)
  closeSync(file)
}

async function fresh(source: MappedSource): Promise<Overview> {
  const overview = new Overview(source)
  await refine(overview)
  return overview
}

describe(`an overview in a file (seed ${SEED})`, () => {
  test('goes on where it was, in another process’ time', async () => {
    const document = folder.file(content)
    const path = `${document}.overview`
    const source = openFile(document)
    const first = await OverviewFile.open(source, path)
    expect(first.overview.progress.known).toBe(0)
    await refine(first.overview, { start: 0, end: 100_000 })
    expect(await first.save()).toBe(true)
    await source.close()
    const again = openFile(document)
    const second = await OverviewFile.open(again, path)
    expect(second.overview.progress).toEqual(first.overview.progress)
    expect(second.overview.read(0)).toEqual(first.overview.read(0))
    await refine(second.overview)
    expect(await second.save()).toBe(true)
    expect((await OverviewFile.open(again, path)).overview.read(0)).toEqual((await fresh(again)).read(0))
    expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.tmp'))).toEqual([])
    await again.close()
  })

  test('of a document that changed is not taken up, and not saved', async () => {
    const document = folder.file(content)
    const path = `${document}.overview`
    const source = openFile(document)
    const kept = await OverviewFile.open(source, path)
    await refine(kept.overview)
    await kept.save()
    const before = readFileSync(path)
    store(document, 5000, 'changed')
    expect((await OverviewFile.open(source, path)).overview.progress.known).toBe(0)
    expect(await kept.save()).toBe(false)
    expect(readFileSync(path)).toEqual(before)
    // Told what changed, it knows the rest.
    kept.invalidate({ start: 5000, end: 5007 })
    expect(await kept.save()).toBe(true)
    const again = await OverviewFile.open(source, path)
    expect(again.overview.progress.total - again.overview.progress.complete).toBe(1)
    await refine(again.overview)
    expect(again.overview.read(0)).toEqual((await fresh(source)).read(0))
    await source.close()
  })

  test('is not that of a file in the document’s place, nor of one cut short and grown again', async () => {
    const document = folder.file(content)
    const path = `${document}.overview`
    const source = openFile(document)
    const kept = await OverviewFile.open(source, path)
    await refine(kept.overview)
    await kept.save()
    await source.close()
    renameSync(folder.file(content), document)
    const other = openFile(document)
    expect((await OverviewFile.open(other, path)).overview.progress.known).toBe(0)
    const own = await OverviewFile.open(other, path)
    await refine(own.overview)
    truncateSync(document, 1000)
    truncateSync(document, content.length)
    expect(await own.save()).toBe(false)
    await other.close()
  })

  test('that is no overview is as good as none', async () => {
    const document = folder.file(content)
    const source = openFile(document)
    const path = `${document}.overview`
    const kept = await OverviewFile.open(source, path)
    await refine(kept.overview)
    await kept.save()
    const damaged = readFileSync(path)
    damaged[200] = (damaged[200] as number) ^ 1
    for (const bytes of [damaged, damaged.subarray(0, 50), Buffer.alloc(0), Buffer.alloc(17 * 1024 ** 2)]) {
      writeFileSync(path, bytes)
      expect((await OverviewFile.open(source, path)).overview.progress.known).toBe(0)
    }
    expect((await OverviewFile.open(source, dirname(path))).overview.progress.known).toBe(0)
    await source.close()
  })

  test('where it cannot be written is a coded error, and nothing is left there', async () => {
    const source = openFile(folder.file(content))
    const kept = await OverviewFile.open(source, folder.fresh('no/such/folder'))
    await expect(kept.save()).rejects.toMatchObject({ code: 'ERR_OS', errno: 'ENOENT' })
    const inTheWay = await OverviewFile.open(source, dirname(folder.fresh()))
    await expect(inTheWay.save()).rejects.toMatchObject({ code: 'ERR_OS' })
    expect(existsSync(inTheWay.path)).toBe(true)
    await source.close()
    await expect(kept.save()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(OverviewFile.open(source, kept.path)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(OverviewFile.open(source, 5 as never)).rejects.toMatchObject({ code: 'ERR_ARGUMENT' })
  })

  test('of 15 TiB takes a few MiB, and is taken up', async () => {
    const document = folder.sparse(15 * TIB, [{ offset: 9 * TIB, text: 'mark' }])
    const path = `${document}.overview`
    const source = openFile(document)
    const kept = await OverviewFile.open(source, path)
    await refine(kept.overview, { start: 0, end: 9 * TIB })
    await kept.save()
    expect(readFileSync(path).length).toBeLessThan(8 * 1024 ** 2)
    expect((await OverviewFile.open(source, path)).overview.progress).toEqual(kept.overview.progress)
    kept.invalidate({ start: 4 * TIB, end: 4 * TIB + 1 })
    expect(kept.overview.progress.known).toBeLessThan((await OverviewFile.open(source, path)).overview.progress.known)
    await source.close()
  })
})
