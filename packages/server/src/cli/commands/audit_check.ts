import { createReadStream, readFileSync } from 'node:fs'
import { type CheckedProof, checkProof, type Proof } from '../../evidence/proof.ts'
import { UsageError } from '../usage_error.ts'
import type { AuditVerb } from './audit_verb.ts'

export const AUDIT_CHECK: AuditVerb = {
  usage: 'check PROOF BYTES',
  options: [{ name: 'signer', value: 'HASH', help: 'check: the fingerprint that the signing key must have' }],
  notes:
    'check tells whether BYTES are what PROOF says, without the evidence and without the server; exits with 0, 1 when they are not, 2 for an error. Anybody can sign: compare the fingerprint it prints, or give it with --signer.',
  run: async (args, { output }) => {
    const [, proofPath, bytesPath] = args.exactly('check', 'PROOF', 'BYTES')
    const checked = await check(proofPath, bytesPath)
    const signer = args.text('signer')?.toLowerCase()
    const problems = [...checked.problems]
    if (signer !== undefined && signer !== checked.keyFingerprint)
      problems.push(`it is signed by ${checked.keyFingerprint}`)
    for (const problem of problems) await output.line(`problem  ${problem}`)
    const { file, range, root, auditHead, exportedAt } = checked.statement
    const length = range.end - range.start
    const place = `bytes ${range.start} to ${range.end} of ${JSON.stringify(file.path)} (${file.byteLength} bytes), exported ${exportedAt}`
    await output.line(`${problems.length === 0 ? 'proven' : 'NOT PROVEN'}  ${place}`)
    await output.line(`root ${root}  trail ${auditHead.sequence} ${auditHead.hash}  signer ${checked.keyFingerprint}`)
    await output.line(`${checked.treeProvenByteLength} of ${length} bytes by chunk hashes, the rest by the signature`)
    return problems.length === 0 ? 0 : 1
  },
}

async function check(proofPath: string, bytesPath: string): Promise<CheckedProof> {
  let proof: Proof
  try {
    proof = JSON.parse(readFileSync(proofPath, 'utf8')) as Proof
  } catch (error) {
    throw new UsageError('ERR_AUDIT_FILE', `${proofPath} is no proof`, error)
  }
  try {
    return await checkProof(proof, createReadStream(bytesPath, { highWaterMark: 1024 ** 2 }))
  } catch (error) {
    throw new UsageError('ERR_AUDIT_FILE', `${proofPath} or ${bytesPath} cannot be used`, error)
  }
}
