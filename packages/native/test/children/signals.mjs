import { closeSync, openSync, truncateSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { binding } from '../../dist/index.js'

const [path, way] = process.argv.slice(2)
const byteLength = 20_000
const file = openSync(path, 'r')
const mapping = new binding.Mapping(file, { offset: 0, byteLength, access: 'read' })
closeSync(file)
truncateSync(path, 0)

let heard = 0
const hear = () => {
  heard++
}
const killSelf = () => process.kill(process.pid, 'SIGBUS')

function codeOf(call) {
  try {
    call()
  } catch (error) {
    return error.code
  }
}
const fault = () => codeOf(() => mapping.getByte(0))

const WAYS = {
  async kill() {
    console.log(fault())
    killSelf()
    await wait(5000)
  },
  async 'heard-before'() {
    process.on('SIGBUS', hear)
    const code = fault()
    killSelf()
    await wait(100)
    console.log(JSON.stringify({ code, heard }))
  },
  async 'heard-after'() {
    const code = fault()
    process.on('SIGBUS', hear)
    killSelf()
    await wait(100)
    console.log(JSON.stringify({ code, heard }))
  },
  async 'kill-after-off'() {
    process.on('SIGBUS', hear)
    fault()
    process.off('SIGBUS', hear)
    console.log(fault())
    killSelf()
    await wait(5000)
  },
  async replaced() {
    fault()
    // Ours is in place. Each time, a listener replaces it anew, and the next call has to notice.
    const replace = () => {
      process.off('SIGBUS', hear)
      process.on('SIGBUS', hear)
    }
    const call = (run) => {
      replace()
      return codeOf(run)
    }
    const copyOut = call(() => mapping.copyOut(0, new Uint8Array(byteLength)))
    const getByte = call(() => mapping.getByte(byteLength - 1))
    const find = call(() => mapping.find(Buffer.from('a'), 0, byteLength, false))
    replace()
    const { unreadable: readAsync } = await mapping.readAsync(0, byteLength).result
    replace()
    const { unreadable: findAsync } = await mapping.findAsync(Buffer.from('a'), 0, byteLength, false).result
    process.off('SIGBUS', hear)
    console.log(JSON.stringify({ copyOut, getByte, find, readAsync, findAsync, heard }))
  },
}

await WAYS[way]()
