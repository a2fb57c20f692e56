import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { Child } from './support/child.ts'
import { eventually } from './support/eventually.ts'
import { readParts } from './support/multipart.ts'
import { type Outcome, pathOf, runProgram } from './support/programs.ts'
import { Serving, TOKEN } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

/** Other people's programs against the real command. `npm test` installs what Debian has of them; cases of what is missing are left out. */
const BYTE_LENGTH = 24 * 1024 ** 2 + 77
const TIMEOUT_MS = 120_000
const ZIP = fileURLToPath(new URL('support/zip_over_http.py', import.meta.url))
const folder = temporaryFolder()
const served = join(folder, 'served')
const work = mkdtempSync(join(folder, 'work-'))
let content: Buffer
let origin = ''
let token = ''

beforeAll(async () => {
  mkdirSync(served)
  // No file repeats itself less: what is put in a wrong place is seen.
  content = Buffer.alloc(BYTE_LENGTH)
  for (let at = 0; at + 4 <= BYTE_LENGTH; at += 4) content.writeUInt32LE(Math.imul(at, 0x9e_37_79_b1) >>> 0, at)
  writeFileSync(join(served, 'disk.img'), content)
  const link = await Child.run(['serve', served, '--port', '0']).link()
  origin = `http://127.0.0.1:${link.port}`
  token = link.token
})

const url = (name: string): string => `${origin}/raw/served/${name}?token=${token}`
const bearer = (): string => `Authorization: Bearer ${token}`

async function run(program: string, ...args: readonly string[]): Promise<Outcome> {
  const outcome = await runProgram(program, args, work)
  expect(outcome.code, `${program}: ${outcome.errors}`).toBe(0)
  return outcome
}

function expectContent(name: string): void {
  expect(readFileSync(join(work, name)).equals(content), name).toBe(true)
}

function startedFile(name: string, byteLength = 5_000_001): string {
  const path = join(work, name)
  writeFileSync(path, content.subarray(0, byteLength))
  return path
}

interface Case {
  readonly does: string
  readonly needs: readonly string[]
  readonly run: () => Promise<void>
}

const CASES: readonly Case[] = [
  {
    does: 'curl -r: one range, several, the last bytes',
    needs: ['curl'],
    run: async () => {
      const range = (text: string): Promise<Outcome> => run('curl', '-sSf', '-H', bearer(), '-r', text, url('disk.img'))
      expect((await range('1000-1999')).output.equals(content.subarray(1000, 2000))).toBe(true)
      expect((await range('-100')).output.equals(content.subarray(-100))).toBe(true)
      const head = (
        await run(
          'curl',
          '-sSf',
          '-H',
          bearer(),
          '-r',
          '0-99,5000000-5000099',
          '-D',
          '-',
          '-o',
          'several',
          url('disk.img'),
        )
      ).output
      const type = /^content-type: (.*)\r$/im.exec(String(head))?.[1] ?? ''
      const parts = readParts(type, readFileSync(join(work, 'several')))
      expect(parts.map(({ bytes }) => bytes)).toEqual([
        content.subarray(0, 100),
        content.subarray(5_000_000, 5_000_100),
      ])
    },
  },
  {
    does: 'curl -C - goes on with half a file',
    needs: ['curl'],
    run: async () => {
      startedFile('curl.img')
      await run('curl', '-sSf', '-C', '-', '-o', 'curl.img', url('disk.img'))
      expectContent('curl.img')
    },
  },
  {
    does: 'wget -c goes on with half a file, and finds a whole one done',
    needs: ['wget'],
    run: async () => {
      startedFile('wget.img')
      for (let round = 0; round < 2; round++) await run('wget', '-q', '-c', '-O', 'wget.img', url('disk.img'))
      expectContent('wget.img')
    },
  },
  {
    does: 'aria2c -x8 takes eight ranges at once',
    needs: ['aria2c'],
    run: async () => {
      await run(
        'aria2c',
        '-q',
        '-x8',
        '-s8',
        '-k1M',
        '--file-allocation=none',
        `--header=${bearer()}`,
        '-o',
        'aria.img',
        url('disk.img'),
      )
      expectContent('aria.img')
    },
  },
  {
    does: 'lftp pget takes four ranges at once, get -c goes on',
    needs: ['lftp'],
    run: async () => {
      await run('lftp', '-c', `set net:max-retries 2; pget -n 4 "${url('disk.img')}" -o pget.img`)
      expectContent('pget.img')
      startedFile('get.img')
      await run('lftp', '-c', `set net:max-retries 2; get -c "${url('disk.img')}" -o get.img`)
      expectContent('get.img')
    },
  },
  {
    does: 'nbdinfo sees the length through nbdkit curl, 15 TiB of it',
    needs: ['nbdkit', 'nbdinfo'],
    run: async () => {
      writeFileSync(join(served, 'huge.img'), '')
      truncateSync(join(served, 'huge.img'), 15 * 1024 ** 4)
      const { output } = await run('nbdkit', '-U', '-', 'curl', url('huge.img'), '--run', 'nbdinfo --size "$uri"')
      expect(Number(output)).toBe(15 * 1024 ** 4)
    },
  },
  {
    does: 'qemu-img copies through nbdkit curl',
    needs: ['nbdkit', 'qemu-img'],
    run: async () => {
      // QEMU counts in sectors.
      writeFileSync(join(served, 'sectors.img'), content.subarray(0, 16 * 1024 ** 2))
      await run(
        'nbdkit',
        '-U',
        '-',
        'curl',
        url('sectors.img'),
        '--run',
        'qemu-img convert -f raw -O raw "$uri" qemu.img',
      )
      expect(readFileSync(join(work, 'qemu.img')).equals(content.subarray(0, 16 * 1024 ** 2))).toBe(true)
    },
  },
  {
    does: 'Python reads a member of a ZIP archive by ranges',
    needs: ['python3'],
    run: async () => {
      const make =
        'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], "w"); z.write(sys.argv[2], "first"); z.writestr("deep/second", "found it")'
      await run('python3', '-c', make, join(served, 'archive.zip'), join(served, 'disk.img'))
      expect(String((await run('python3', ZIP, url('archive.zip'), 'deep/second')).output)).toBe('found it')
      expect((await run('python3', ZIP, url('archive.zip'), 'first')).output.equals(content)).toBe(true)
    },
  },
  {
    does: 'ffprobe and ffmpeg seek in a film',
    needs: ['ffmpeg', 'ffprobe'],
    run: async () => {
      await makeFilm()
      const { output } = await run(
        'ffprobe',
        '-v',
        'error',
        '-show_entries',
        'format=duration',
        '-of',
        'csv=p=0',
        url('film.webm'),
      )
      expect(Number(output)).toBeCloseTo(20, 0)
      const frame = (from: string): Promise<Outcome> =>
        run(
          'ffmpeg',
          '-v',
          'error',
          '-ss',
          '17',
          '-i',
          from,
          '-frames:v',
          '1',
          '-f',
          'rawvideo',
          '-pix_fmt',
          'gray',
          '-',
        )
      const [remote, local] = [await frame(url('film.webm')), await frame(join(served, 'film.webm'))]
      expect(remote.output.length).toBe(320 * 240)
      expect(remote.output.equals(local.output)).toBe(true)
    },
  },
  {
    does: 'Sleuth Kit reads a file system through nbdfuse',
    needs: ['nbdkit', 'nbdfuse', 'fusermount3', 'fls', 'icat', 'mkfs.ext4'],
    run: async () => {
      const [tree, image, mount] = [join(work, 'tree'), join(served, 'ext4.img'), join(work, 'mount')]
      for (const directory of [tree, mount]) mkdirSync(directory)
      writeFileSync(join(tree, 'evidence.bin'), content.subarray(0, 3_000_003))
      writeFileSync(image, '')
      truncateSync(image, 64 * 1024 ** 2)
      await run('mkfs.ext4', '-q', '-d', tree, image)
      const fuse = spawn(pathOf('nbdfuse') ?? '', [mount, '--command', 'nbdkit', '-s', 'curl', url('ext4.img')], {
        stdio: 'ignore',
      })
      try {
        await eventually(() => expect(existsSync(join(mount, 'nbd'))).toBe(true), 15_000)
        const listing = String((await run('fls', join(mount, 'nbd'))).output)
        const inode = /^r\/r (\d+):\s+evidence\.bin$/m.exec(listing)?.[1] ?? ''
        const file = (await run('icat', join(mount, 'nbd'), inode)).output
        expect(file.equals(content.subarray(0, 3_000_003))).toBe(true)
      } finally {
        await runProgram('fusermount3', ['-u', mount], work)
        fuse.kill()
        if (fuse.exitCode === null && fuse.signalCode === null) await once(fuse, 'exit')
      }
    },
  },
  { does: 'Chromium plays a film and seeks in it', needs: ['ffmpeg', browserPath()], run: () => playFilm() },
]

function browserPath(): string {
  return process.env['MAPSCOPE_BROWSER'] ?? 'chromium'
}

async function makeFilm(): Promise<void> {
  const path = join(served, 'film.webm')
  if (existsSync(path)) return
  const source = 'testsrc=size=320x240:rate=25:duration=20,noise=alls=40:allf=t'
  await run(
    'ffmpeg',
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    source,
    '-c:v',
    'libvpx',
    '-b:v',
    '4M',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    path,
  )
}

/** Its page is served by the server itself, as the explorer is: a page of anybody else's could not ask. It tells how it went by asking for a path. */
async function playFilm(): Promise<void> {
  await makeFilm()
  const pages = join(work, 'pages')
  mkdirSync(pages, { recursive: true })
  const source = `/raw/${basename(served)}/film.webm?token=${TOKEN}`
  writeFileSync(
    join(pages, 'index.html'),
    `<!doctype html><video muted src="${source}"></video><script src="/play.js"></script>`,
  )
  writeFileSync(
    join(pages, 'play.js'),
    `const video = document.querySelector('video')
    const tell = (what) => fetch('/told/' + what)
    video.onerror = () => tell('error-' + video.error.code)
    video.onloadeddata = () => { video.onseeked = () => tell('seeked-' + Math.round(video.currentTime) + '-' + video.videoWidth); video.currentTime = 18 }`,
  )
  const lines: string[] = []
  const logger = { level: 'info', stream: { write: (line: string) => void lines.push(line) } }
  const serving = await Serving.start({ roots: [served], explorerDirectory: pages, logger })
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    `--user-data-dir=${join(work, 'profile')}`,
  ]
  const browser = spawn(pathOf(browserPath()) ?? browserPath(), [...flags, serving.origin], { stdio: 'ignore' })
  try {
    await eventually(() => expect(lines.join('')).toMatch(/\/told\/\S+/), 60_000)
    expect(/\/told\/([\w-]+)/.exec(lines.join(''))?.[1]).toBe('seeked-18-320')
  } finally {
    browser.kill()
    if (browser.exitCode === null && browser.signalCode === null) await once(browser, 'exit')
  }
}

function isUsable(program: string): boolean {
  if (program === 'nbdfuse' && !isReadable('/dev/fuse')) return false
  return program.startsWith('/') ? existsSync(program) : pathOf(program) !== undefined
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

const missing = [...new Set(CASES.flatMap(({ needs }) => needs))].filter((program) => !isUsable(program))
if (missing.length > 0) process.stderr.write(`without ${missing.join(', ')}: their cases are left out\n`)
const usable = CASES.filter(({ needs }) => needs.every(isUsable))

test.each(usable)('$does', { timeout: TIMEOUT_MS }, (entry) => entry.run())

test('what cannot be tested here is known', () => {
  expect(usable.length + CASES.filter(({ needs }) => needs.some((program) => missing.includes(program))).length).toBe(
    CASES.length,
  )
})
