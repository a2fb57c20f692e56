// The rival: what a server costs that does nothing but parse, copy out of memory and send. No guard, no check, no file. Prints its port.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { root } from '../../scripts/lib/root.mjs'

const { WebSocketServer } = createRequire(path.join(root, 'packages/server/package.json'))('ws')
const content = readFileSync(process.argv[2])
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    if (message.type !== 'read') return
    const [{ start, end }] = message.ranges
    const header = Buffer.alloc(24)
    header[0] = 1
    header[1] = 1
    header.writeUInt16LE(message.stream, 2)
    header.writeUInt32LE(message.id, 4)
    header.writeUInt32LE(start % 2 ** 32, 8)
    header.writeUInt32LE(Math.floor(start / 2 ** 32), 12)
    header.writeUInt32LE(end - start, 16)
    socket.send(Buffer.concat([header, content.subarray(start, end)]))
  })
})
server.on('listening', () => process.stdout.write(`${server.address().port}\n`))
