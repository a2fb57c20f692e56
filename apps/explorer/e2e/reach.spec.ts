// The promise that decides the rest: any byte of any file is reachable and shown as it is, whatever the device pixel ratio.
// Every row is asserted against `xxd` of the same range, in the accessible mirror and in what was handed to the canvas.
import path from 'node:path'
import { dump, HUGE_BYTE_LENGTH, HUGE_MARKS, writeSparseFile } from './files.ts'
import { expect, test } from './fixtures.ts'
import type { Explorer } from './pages/explorer.ts'

async function expectShown(explorer: Explorer, file: string, offset: number): Promise<void> {
  const expected = dump(file, offset, 16)
  await explorer.expectRow(offset, expected)
  const painted = () => explorer.page.evaluate((row) => window.mapscope?.grid?.paintedRow(row) ?? '', offset / 16)
  await expect.poll(async () => hexPairs(await painted())).toEqual(expected)
  await expectInked(explorer, offset, expected)
}

/** The hex pairs of a painted row: what stands between the offset and the text column. */
function hexPairs(painted: string): string[] {
  const [, ...words] = painted.split(/\s+/)
  return words.filter((word) => /^[0-9A-F?·]{2}$/.test(word)).slice(0, 16)
}

/** The pixels of one hex cell as they are on screen: its size, and how many of them are not the background. */
async function inkOf(explorer: Explorer, offset: number): Promise<{ pixels: string; inked: number }> {
  const clip = await explorer.page.evaluate((at) => window.mapscope?.grid?.cellRect(at, 'hex'), offset)
  if (clip === undefined) throw new Error(`offset ${offset} is not on screen`)
  const png = await explorer.page.screenshot({ clip, animations: 'disabled' })
  return explorer.page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no 2d context')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    const words = new Uint32Array(data.buffer)
    const counts = new Map<number, number>()
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
    const background = Math.max(...counts.values())
    return { pixels: words.join(), inked: words.length - background }
  }, png.toString('base64'))
}

/** The canvas as a person sees it: every digit pair has ink, and different bytes look different. (Away from the caret's row tint.) */
async function expectInked(explorer: Explorer, offset: number, values: readonly string[]): Promise<void> {
  const lookOf = new Map<string, string>()
  for (const [index, value] of values.entries()) {
    // The caret's own cell is a block, and its column has a tint.
    if (index === 0 || lookOf.has(value)) continue
    const { pixels, inked } = await inkOf(explorer, offset + index)
    expect(inked).toBeGreaterThan(8)
    lookOf.set(value, pixels)
  }
  expect(new Set(lookOf.values()).size).toBe(lookOf.size)
}

test('the window has the real device pixel ratio of its project', async ({ page, serve }, info) => {
  const server = await serve([process.execPath])
  await page.goto(server.link)
  const ratio = Number(info.project.name.split(' ')[1])
  expect(await page.evaluate(() => window.devicePixelRatio)).toBe(ratio)
})

test('the node binary: its first bytes, its middle, its last', async ({ explorer, serve }) => {
  const file = process.execPath
  const server = await serve([file])
  await explorer.open(server.link)
  await expectShown(explorer, file, 0)
  await explorer.goTo('50%')
  const middle = await caretOf(explorer)
  await expectShown(explorer, file, middle - (middle % 16))
  await explorer.page.keyboard.press('Control+End')
  const end = await caretOf(explorer)
  const lastRow = end - (end % 16)
  await explorer.expectRow(lastRow, dump(file, lastRow, 16))
})

test('a sparse file of 15 TiB: its marks at the start, at 5 GiB, at 4 TiB and in its last bytes', async ({
  explorer,
  serve,
  folder,
}, info) => {
  const file = path.join(folder, 'huge.img')
  writeSparseFile(file, HUGE_BYTE_LENGTH, HUGE_MARKS)
  const server = await serve([file])
  await explorer.open(server.link)
  for (const mark of HUGE_MARKS) {
    await explorer.goTo(`0x${mark.offset.toString(16)}`)
    await expectShown(explorer, file, mark.offset)
    await info.attach(`mark at ${mark.offset}`, { body: await explorer.page.screenshot(), contentType: 'image/png' })
  }
})

test('the end of 15 TiB by keyboard, by scrollbar and by a link', async ({ explorer, serve, folder }) => {
  const file = path.join(folder, 'huge.img')
  writeSparseFile(file, HUGE_BYTE_LENGTH, HUGE_MARKS)
  const server = await serve([file])
  const lastRow = HUGE_BYTE_LENGTH - 16
  await explorer.open(server.link)

  await explorer.page.keyboard.press('Control+End')
  await expectShown(explorer, file, lastRow)
  await explorer.page.keyboard.press('Control+Home')
  await expectShown(explorer, file, 0)

  const bar = await explorer.page.getByTestId('scrollbar').boundingBox()
  if (bar === null) throw new Error('there is no scrollbar')
  await explorer.page.mouse.move(bar.x + bar.width / 2, bar.y + 6)
  await explorer.page.mouse.down()
  await explorer.page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height + 40, { steps: 12 })
  await explorer.page.mouse.up()
  const visible = await explorer.page.evaluate(() => window.mapscope?.grid?.visibleRange())
  expect(visible?.end).toBe(HUGE_BYTE_LENGTH)

  await explorer.page.goto(`${server.origin}/#path=${encodeURIComponent('huge.img')}&offset=0x${lastRow.toString(16)}`)
  await explorer.page.reload()
  await expectShown(explorer, file, lastRow)
})

async function caretOf(explorer: Explorer): Promise<number> {
  const text = (await explorer.status('offset').textContent()) ?? ''
  return Number.parseInt(/0x([0-9A-F]+)/i.exec(text)?.[1] ?? 'NaN', 16)
}
