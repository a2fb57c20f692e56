import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { compileSubject } from './compile_subject.mjs'

const execute = promisify(execFile)

/**
 * Compiles the client that asks for viewports, and compares every byte, into a folder. What it resolves to puts the load on one server: a promise of its
 * figures, with the `child` to end it by before its seconds are over.
 */
export async function buildSocketLoad(folder, { connections, inFlight, byteLength, seconds }) {
  const program = await compileSubject('socket_load', folder)
  return ({ port, token, documentId, file, seed, pid }) => {
    const numbers = [connections, inFlight, byteLength, seconds, seed, pid]
    const running = execute(program, [port, token, documentId, file, ...numbers].map(String))
    return Object.assign(
      running.then(({ stdout }) => JSON.parse(stdout)),
      { child: running.child },
    )
  }
}
