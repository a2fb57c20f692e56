// A byte that another process stores through its own mapping, of which no clock and no notification tells, shows in the tab.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { dump, GiB, writeSparseFile } from './files.ts'
import { test } from './fixtures.ts'

const PROGRAM = fileURLToPath(new URL('../../../packages/server/test/support/store.py', import.meta.url))

async function store(child: ChildProcess, offset: number, hex: string): Promise<void> {
  child.stdin?.write(`${offset} ${hex}\n`)
  if (child.stdout !== null) await once(child.stdout, 'data')
}

test('stores by another process’s mapping, past 4 GiB, appear without a reload', async ({
  explorer,
  serve,
  folder,
}) => {
  const file = path.join(folder, 'sparse.img')
  const offset = 5 * GiB
  writeSparseFile(file, 6 * GiB, [{ offset, text: 'MARK-AT-5-GIB-01' }])
  const server = await serve([file])
  await explorer.open(server.link)
  await explorer.goTo(String(offset))
  await explorer.expectRow(offset, dump(file, offset, 16))
  const child = spawn('python3', [PROGRAM, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    // The first store to a page is dated by the system, those after it are not.
    for (const byte of ['11', '22', '33', '44']) {
      await store(child, offset + 3, byte)
      await explorer.expectRow(offset, dump(file, offset, 16))
    }
  } finally {
    child.kill('SIGKILL')
  }
})
