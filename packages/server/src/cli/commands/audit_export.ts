import { existsSync, writeFileSync } from 'node:fs'
import { EvidenceChanged, exportRange } from '../../evidence/export.ts'
import type { Arguments } from '../command_arguments.ts'
import { RANGE_OPTIONS, rangeOf } from '../open_source.ts'
import { UsageError } from '../usage_error.ts'
import type { AuditVerb } from './audit_verb.ts'

export const AUDIT_EXPORT: AuditVerb = {
  usage: 'export --file FILE --audit TRAIL --output BYTES',
  options: [
    { name: 'file', value: 'FILE', help: 'export: the evidence' },
    { name: 'audit', value: 'TRAIL', help: 'export: the trail of the server that served it; its hashes lie beside it' },
    ...RANGE_OPTIONS,
    {
      name: 'output',
      short: 'o',
      value: 'BYTES',
      help: 'export: where the bytes go; the proof goes to BYTES.proof.json',
    },
    {
      name: 'key',
      value: 'KEY',
      help: 'export: the Ed25519 key that signs (default TRAIL.key, made if it is not there)',
    },
    { name: 'whole-chunks', help: 'export: widen the range to whole chunks, which the hashes alone prove' },
  ],
  notes:
    'export writes a range and a signed proof of it: the hashes of its chunks, their way to the root of all chunks, and where the trail ended. Exits with 1 when the file is not what was hashed.',
  run: async (args, { output, progress, signal }) => {
    args.exactly('export')
    const [file, auditFile, bytesPath] = [needed(args, 'file'), needed(args, 'audit'), needed(args, 'output')]
    const proofPath = `${bytesPath}.proof.json`
    for (const path of [bytesPath, proofPath])
      if (existsSync(path)) throw new UsageError('ERR_OUTPUT', `${path} is there already; name another`)
    if (!existsSync(auditFile)) throw new UsageError('ERR_AUDIT_FILE', `${auditFile} does not exist`)
    try {
      const proof = await exportRange({
        file,
        auditFile,
        keyFile: args.text('key') ?? `${auditFile}.key`,
        output: bytesPath,
        rangeOf: (source) => rangeOf(args, source),
        isWholeChunks: args.has('whole-chunks'),
        signal,
        onProgress: progress.update,
      })
      writeFileSync(proofPath, `${JSON.stringify(proof, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
      await output.line(`exported  ${bytesPath}  ${proofPath}`)
      return 0
    } catch (error) {
      if (!(error instanceof EvidenceChanged)) throw error
      await output.line(`NOT EXPORTED  ${error.message}`)
      return 1
    }
  },
}

function needed(args: Arguments, name: string): string {
  const text = args.text(name)
  if (text === undefined) throw new UsageError('ERR_USAGE', `--${name} is missing`)
  return text
}
