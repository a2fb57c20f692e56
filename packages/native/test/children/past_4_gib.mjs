// Every operation, at offsets past 4 GiB and over lengths past 4 GiB, on a sparse file with marks where 31 and 32 bits would go wrong.
import { closeSync, ftruncateSync, openSync, statSync } from 'node:fs'
import { binding } from '../../dist/index.js'
import {
  byteLength,
  check,
  codeOf,
  copied,
  far,
  GiB,
  isMarked,
  layOut,
  MARKS,
  map,
  marked,
  most,
  PAGE,
  pageOf,
  path,
  storeFar,
  storePrivately,
} from './far_file.mjs'

const { MADV_NORMAL, MADV_WILLNEED, MADV_DONTNEED } = binding.constants

const OPERATIONS = {
  copyOut: () => {
    for (const offset of far) check(offset, isMarked(copied(map('read'), offset), offset))
  },

  getByte: () => {
    for (const offset of far) check(offset, map('read').getByte(offset + 1) === marked(offset)[1])
  },

  copyIn: () => storeFar((mapping, offset) => mapping.copyIn(offset, Buffer.from('STORED!!'))),

  setByte: () =>
    storeFar((mapping, offset) => {
      for (const [at, byte] of Buffer.from('STORED!!').entries()) mapping.setByte(offset + at, byte)
    }),

  writeAsync: () => storeFar((mapping, offset) => mapping.writeAsync(offset, Buffer.from('STORED!!')).result),

  flush: () =>
    storeFar((mapping, offset) => {
      mapping.copyIn(offset, Buffer.from('STORED!!'))
      mapping.flush(pageOf(offset), byteLength - pageOf(offset))
      mapping.flush(0, byteLength)
    }),

  flushAsync: () =>
    storeFar(async (mapping, offset) => {
      mapping.copyIn(offset, Buffer.from('STORED!!'))
      await mapping.flushAsync(pageOf(offset), byteLength - pageOf(offset)).result
      await mapping.flushAsync(0, byteLength).result
    }),

  find: () => {
    const mapping = map('read')
    for (const offset of far) {
      check(`near ${offset}`, mapping.find(marked(offset), offset - 5000, offset + 8, false) === offset)
      check(`near, reverse ${offset}`, mapping.find(marked(offset), offset, byteLength, true) === offset)
    }
    check('the whole', mapping.find(marked(byteLength - 8), 0, byteLength, false) === byteLength - 8)
    check('the whole, reverse', mapping.find(marked(0), 0, byteLength, true) === 0)
  },

  findAsync: async () => {
    const mapping = map('read')
    const first = await mapping.findAsync(marked(0), 0, byteLength, true).result
    check('reverse', first.offset === 0 && first.unreadable.length === 0)
    const absent = await mapping.findAsync(Buffer.from('absent'), 0, byteLength, false).result
    check('absent', absent.offset === -1 && absent.scannedTo === byteLength)
    for (const offset of far) {
      const found = await mapping.findAsync(marked(offset), offset - 5000, byteLength, false).result
      check(offset, found.offset === offset)
    }
  },

  matchAsync: async () => {
    const mapping = map('read')
    const needles = MARKS.map((offset) => ({ values: marked(offset) }))
    for (const isReverse of [false, true]) {
      const any = binding.compilePattern({ kind: 'any', needles })
      const { offsets, which, scannedTo } = await mapping.matchAsync(any, 0, byteLength, { limit: 9, isReverse }).result
      const inOrder = isReverse ? MARKS.toReversed() : MARKS
      check(
        'marks',
        inOrder.every((offset, i) => offsets[i] === offset && MARKS[which[i]] === offset),
      )
      check('to', scannedTo === (isReverse ? 0 : byteLength))
    }
    const zeros = binding.compilePattern({ kind: 'bytes', values: new Uint8Array(1) })
    const counted = await mapping.matchAsync(zeros, 0, byteLength, { limit: 0, isCountOnly: true }).result
    check('count', counted.count === byteLength - 8 * MARKS.length)
  },

  byteStatsAsync: async () => {
    const { counts, entropy, scannedTo } = await map('read').byteStatsAsync(0, byteLength, GiB).result
    check('marks', counts['<'.charCodeAt(0)] === MARKS.length)
    check('all', counts.reduce((sum, count) => sum + count) === byteLength && scannedTo === byteLength)
    check('blocks', entropy.length === 6 && entropy.every((bits) => bits < 1))
  },

  stringsAsync: async () => {
    const wanted = { encoding: 'ascii', minLength: 8, limit: 99, isEnd: true }
    const { runs } = await map('read').stringsAsync(0, byteLength, wanted).result
    check('marks', runs.join() === MARKS.map((offset) => [offset, 8]).join())
  },

  equalRunsAsync: async () => {
    const { runs, lastBytes } = await map('read').equalRunsAsync(0, byteLength, {
      minByteLength: GiB,
      limit: 99,
      isEnd: true,
    }).result
    const between = MARKS.slice(0, 3).map((offset, i) => [offset + 8, MARKS[i + 1] - offset - 8])
    check('between the marks', runs.join() === between.join() && lastBytes.join() === '0,0,0')
  },

  compareAsync: async () => {
    const mapping = map('read')
    const same = await mapping.compareAsync(map('read'), 0, 0, byteLength, 99).result
    check('itself', same.runs.length === 0 && same.scannedTo === byteLength)
    for (const offset of far) {
      const { runs } = await mapping.compareAsync(mapping, offset, 0, 8, 99).result
      check(offset, runs.join() === [offset + 1, 6].join())
    }
  },

  readAsync: async () => {
    const mapping = map('read')
    for (const offset of far) {
      const { bytes, unreadable } = await mapping.readAsync(offset, 8).result
      check(offset, isMarked(bytes, offset) && unreadable.length === 0)
    }
    const { bytes } = await mapping.readAsync(2 ** 32 - 4096, 32 * 1024 ** 2).result
    check('across', isMarked(bytes.subarray(4096, 4104), 2 ** 32))
  },

  readIntoAsync: async () => {
    const target = new Uint8Array(8)
    for (const offset of far) {
      const unreadable = await map('read').readIntoAsync(offset, target).result
      check(offset, isMarked(target, offset) && unreadable.length === 0)
    }
  },

  readCached: () => {
    const mapping = map('read')
    for (const offset of far) {
      const target = new Uint8Array(8)
      mapping.getByte(offset) // brings the page in; undefined is a file system that does not tell
      const isRead = mapping.readCached(offset, target)
      check(offset, isRead === undefined || (isRead && isMarked(target, offset)))
    }
  },

  populateAsync: async () => {
    const mapping = map('read')
    for (const offset of far) {
      await mapping.populateAsync(offset, 8).result
      check(offset, [0b1, 0b11].includes(mapping.residency(offset, 8)[0]))
    }
    const job = mapping.populateAsync(0, byteLength)
    job.cancel()
    check('cancelled', (await codeOf(() => job.result)) === 'OS')
  },

  move: () =>
    storeFar((mapping, offset) => {
      mapping.copyIn(PAGE, Buffer.from('STORED!!'))
      mapping.move(offset, PAGE, 8)
      mapping.move(PAGE, offset, 8)
      check(`back ${offset}`, copied(mapping, PAGE).toString() === 'STORED!!')
    }),

  advise: () => storePrivately((mapping, offset) => mapping.advise(MADV_DONTNEED, pageOf(offset), 8)),

  adviseAsync: async () => {
    const toEnd = (offset) => [pageOf(offset), byteLength - pageOf(offset)]
    await storePrivately((mapping, offset) => mapping.adviseAsync(MADV_DONTNEED, ...toEnd(offset)).result)
    const mapping = map('read')
    await mapping.adviseAsync(MADV_NORMAL, 0, byteLength).result
    await mapping.adviseAsync(MADV_WILLNEED, ...toEnd(5 * GiB)).result
  },

  'lock and unlock': async () => {
    const mapping = map('read')
    for (const offset of far) {
      // Not everybody may lock memory; whoever may has the page then.
      const code = await codeOf(() => mapping.lock(offset, 8))
      check(`${offset} ${code}`, code === 'OS' || mapping.residency(offset, 8)[0] % 2 === 1)
    }
    mapping.unlock(0, byteLength)
  },

  residency: () => {
    const mapping = map('read')
    check('whole', mapping.residency(0, byteLength).byteLength === Math.ceil(byteLength / PAGE / 8))
    mapping.getByte(5 * GiB + 10)
    check('far', mapping.residency(5 * GiB, PAGE)[0] === 1)
  },

  releaseCacheAsync: async () => {
    const mapping = map('read')
    for (const offset of far) mapping.getByte(offset)
    const code = await codeOf(() => mapping.releaseCacheAsync([0, byteLength]).result) // what is not on the disk yet stays
    for (const offset of far) check(offset, code !== 'FAULT' && isMarked(copied(mapping, offset), offset))
  },

  resize: () => {
    const mapping = map('write')
    mapping.resize(6 * GiB + 1)
    check('longer', statSync(path).size === 6 * GiB + 1 && mapping.getByte(6 * GiB) === 0)
    mapping.setByte(6 * GiB, 7)
    mapping.resize(4 * GiB + 4)
    check(
      'shorter',
      statSync(path).size === 4 * GiB + 4 && copied(mapping, 4 * GiB, 4).equals(marked(2 ** 32).subarray(0, 4)),
    )
    mapping.resize(byteLength)
    check('again', copied(mapping, 4 * GiB + 4, 4).equals(Buffer.alloc(4)) && isMarked(copied(mapping, 0), 0))
    layOut()
  },

  remap: () => {
    const mapping = map('read', { byteLength: PAGE })
    mapping.remap(byteLength)
    for (const offset of far) check(offset, isMarked(copied(mapping, offset), offset))
    mapping.remap(4 * GiB + 4)
    check('shorter', copied(mapping, 4 * GiB, 4).equals(marked(2 ** 32).subarray(0, 4)))
  },

  exportRange: () => {
    for (const access of ['read', 'write', 'copy'])
      for (const offset of far) {
        const mapping = map(access)
        const buffer = mapping.exportRange(offset, 8)
        check(`${access} ${offset}`, isMarked(new Uint8Array(buffer), offset))
        mapping.releaseExport(buffer)
      }
  },

  // A buffer of more than 4 GiB is for Node 22 and later.
  'exportRange of all': async () => {
    const mapping = map('write')
    if (Number(most) < byteLength) {
      check('refused', (await codeOf(() => mapping.exportRange(0, byteLength))) === 'RANGE')
      return
    }
    const bytes = new Uint8Array(mapping.exportRange(0, byteLength))
    for (const offset of MARKS) check(offset, isMarked(bytes.subarray(offset, offset + 8), offset))
  },

  exportShared: () => {
    const buffer = Number(most) < byteLength ? undefined : map('write').exportShared()
    if (buffer === undefined) return
    const bytes = new Uint8Array(buffer)
    for (const offset of MARKS) check(offset, isMarked(bytes.slice(offset, offset + 8), offset))
  },

  window: () => {
    for (const offset of far) check(offset, isMarked(map('read').window(offset, 8), offset))
  },

  closeWindow: () => {
    const mapping = map('read')
    for (const offset of far) {
      const [closed, kept] = [mapping.window(offset, 8), mapping.window(offset % 2 ** 32, 9)]
      mapping.closeWindow(offset, 8)
      check(`closed ${offset}`, closed.byteLength === 0)
      check(`kept ${offset}`, kept.byteLength === 9)
      check(`again ${offset}`, isMarked(mapping.window(offset, 8), offset))
    }
  },

  latin1: () => {
    for (const offset of far) check(offset, map('read').latin1(offset, 8) === marked(offset).toString())
  },

  share: () => {
    const other = binding.openShared(map('read').share())
    for (const offset of far) check(offset, isMarked(copied(other, offset), offset))
  },

  releasePages: () => {
    const mapping = map('write')
    for (const offset of far) mapping.releasePages(offset, 8)
    mapping.releasePages(0, byteLength)
    for (const offset of far) check(offset, isMarked(copied(mapping, offset), offset))
  },

  status: () => check('byteLength', map('read').status().byteLength === byteLength),

  seekData: () => {
    for (const offset of far) check(offset, map('read').seekData(offset) === offset)
  },

  seekHole: () => {
    check('after 2^32', map('read').seekHole(2 ** 32) === 2 ** 32 + PAGE)
    check('none at the end', map('read').seekHole(byteLength - 8) === -1)
  },

  'a mapping that begins there': () => {
    for (const offset of far) {
      const start = pageOf(offset)
      const mapping = map('read', { offset: start, byteLength: byteLength - start })
      check(offset, isMarked(copied(mapping, offset - start), offset))
    }
  },

  'anonymous memory': () => {
    const { MAP_PRIVATE, MAP_NORESERVE } = binding.constants
    const options = { offset: 0, byteLength, access: 'copy', flags: MAP_PRIVATE | MAP_NORESERVE }
    const mapping = new binding.Mapping(-1, options)
    for (const offset of far) {
      mapping.copyIn(offset, marked(offset))
      check(
        offset,
        isMarked(copied(mapping, offset), offset) &&
          mapping.getByte(offset % 2 ** 32 === 0 ? 9 : offset % 2 ** 32) === 0,
      )
    }
  },

  'a fault': async () => {
    const mapping = map('read')
    const file = openSync(path, 'r+')
    ftruncateSync(file, 5 * GiB)
    closeSync(file)
    for (const call of [() => mapping.copyOut(5 * GiB + 10, new Uint8Array(8)), () => mapping.getByte(5 * GiB + 10)]) {
      let fault
      try {
        call()
      } catch (error) {
        fault = error
      }
      check('sync', fault?.offset === 5 * GiB + 10 && fault.fileByteLength === 5 * GiB)
    }
    const { unreadable } = await mapping.readAsync(5 * GiB - 10, 20).result
    check('async', unreadable[0] === 5 * GiB && unreadable[1] === 5 * GiB + 10)
  },
}

const outcome = {}
layOut()
for (const [name, run] of Object.entries(OPERATIONS)) {
  try {
    await run()
    outcome[name] = 'right'
  } catch (error) {
    outcome[name] = `${error.code ?? ''} ${error.message}`
  }
}
const methods = Object.getOwnPropertyNames(binding.Mapping.prototype)
console.log(JSON.stringify({ outcome, methods }))
