import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { atEnd } from './support/at_end.ts'
import { Child } from './support/child.ts'
import { isError, mapscope } from './support/command.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const file = at('a.bin')
const TOKEN = 'a'.repeat(43)
writeFileSync(file, 'evidence')
writeFileSync(at('open-token'), TOKEN, { mode: 0o644 })
writeFileSync(at('group-token'), TOKEN, { mode: 0o640 })
writeFileSync(at('open-table'), `vera view ${TOKEN}`, { mode: 0o644 })
writeFileSync(at('wrong-table'), `vera king ${TOKEN}`, { mode: 0o600 })
writeFileSync(at('cert.pem'), 'no certificate')
writeFileSync(at('key.pem'), 'no key', { mode: 0o600 })
writeFileSync(at('unknown.json'), JSON.stringify({ paths: [file], prot: 7370 }))
writeFileSync(at('text'), 'a text of somebody')
mkdirSync(at('folder'))
mkdirSync(at('damaged'))
writeFileSync(at('damaged/jobs.jsonl'), 'a text of somebody\n')
symlinkSync(at('loop'), at('loop'))

/** What is wrong, what is asked for, the code, and what the line must name. */
const FAILURES: [string, string[], string, string[]][] = [
  ['a root that is missing', [at('none')], 'ERR_PATH_MISSING', [at('none')]],
  ['a root that leads to itself', [at('loop')], 'ERR_PATH_LOOP', [at('loop')]],
  [
    'a token that others may read',
    ['--token-file', at('open-token'), file],
    'ERR_TOKEN_FILE',
    ['chmod 600', 'open-token'],
  ],
  ['a token that a group may read', ['--token-file', at('group-token'), file], 'ERR_TOKEN_FILE', ['chmod 600']],
  ['a token that is a folder', ['--token-file', at('folder'), file], 'ERR_TOKEN_FILE', [at('folder'), 'EISDIR']],
  [
    'a token without a folder',
    ['--token-file', at('none/token'), file],
    'ERR_TOKEN_FILE',
    [at('none/token'), 'ENOENT'],
  ],
  ['a table that others may read', ['--tokens', at('open-table'), file], 'ERR_TOKEN_FILE', ['chmod 600', 'open-table']],
  ['a table that is wrong', ['--tokens', at('wrong-table'), file], 'ERR_TOKEN_FILE', ['line 1', 'wrong-table']],
  ['a table that is missing', ['--tokens', at('none'), file], 'ERR_TOKEN_FILE', [at('none'), 'ENOENT']],
  [
    'a TLS key that is missing',
    ['--tls-cert', at('cert.pem'), '--tls-key', at('none'), file],
    'ERR_TLS',
    [at('none'), 'ENOENT'],
  ],
  [
    'a TLS key that is a folder',
    ['--tls-cert', at('cert.pem'), '--tls-key', at('folder'), file],
    'ERR_TLS',
    [at('folder'), 'EISDIR'],
  ],
  ['a TLS key that is none', ['--tls-cert', at('cert.pem'), '--tls-key', at('key.pem'), file], 'ERR_TLS', ['key.pem']],
  ['a setting that there is not', ['--config', at('unknown.json')], 'ERR_CONFIG_KEY', ['unknown.json', '"prot"']],
  ['a state folder that is a file', ['--state', at('text'), file], 'ERR_STATE', ['EEXIST', '--state']],
  ['a journal that is none', ['--state', at('damaged'), file], 'ERR_STATE', ['jobs.jsonl']],
  ['a trail that is something else', ['--audit', at('text'), file], 'ERR_AUDIT_FILE', [at('text')]],
  ['a trail that is a folder', ['--audit', at('folder'), file], 'ERR_AUDIT_FILE', [at('folder'), 'EISDIR']],
  ['a trail without a folder', ['--audit', at('none/trail'), file], 'ERR_AUDIT_FILE', [at('none/trail'), 'ENOENT']],
]

test.each(FAILURES)('%s is one line with a code, and exit status 2', async (_what, args, code, named) => {
  const ended = await mapscope('serve', '--port', '0', ...args)
  expect(isError(ended, code), ended.errors).toBe(true)
  expect(ended.errors.trimEnd().split('\n')).toHaveLength(1)
  for (const text of named) expect(ended.errors).toContain(text)
})

test('a port that is taken, and what another server has locked, too', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  atEnd(() => void taken.close())
  const { port } = taken.address() as { port: number }
  const busy = await mapscope('serve', '--port', String(port), file)
  expect(isError(busy, 'ERR_PORT_IN_USE'), busy.errors).toBe(true)
  expect(busy.errors).toContain(String(port))

  const [state, trail] = [at('state'), at('trail.jsonl')]
  const first = Child.run(['serve', '--port', '0', '--state', state, '--audit', trail, file])
  await first.link()
  const second = await mapscope('serve', '--port', '0', '--state', state, file)
  expect(isError(second, 'ERR_STATE'), second.errors).toBe(true)
  const third = await mapscope('serve', '--port', '0', '--audit', trail, file)
  expect(isError(third, 'ERR_AUDIT_FILE'), third.errors).toBe(true)
  for (const text of [String(first.process.pid), trail]) expect(third.errors).toContain(text)
})
