import { basename } from 'node:path'
import type { LineOfFile, SettledEdit } from '../../audit/unsettled.ts'
import { type AuditVerdict, verifyTrail } from '../../audit/verify.ts'
import type { Output } from '../output.ts'
import { UsageError } from '../usage_error.ts'
import type { AuditVerb } from './audit_verb.ts'

export const AUDIT_VERIFY: AuditVerb = {
  usage: 'verify FILE',
  options: [{ name: 'head', value: 'HASH', help: 'verify: a hash noted earlier, which a line must still have' }],
  notes:
    'verify reads a trail from its beginning, through all the files it has been put away in, and tells each line that was changed, removed or inserted; exits with 0 when it is intact, 1 when it is not, 2 for an error. Without --head a cut end cannot be told from a quiet server: note the head it prints.',
  run: async (args, { output }) => {
    const [, path] = args.exactly('verify', 'FILE')
    const head = args.text('head')?.toLowerCase()
    if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
      throw new UsageError('ERR_USAGE', '--head takes the 64 hexadecimal digits that audit verify printed')
    const verdict = await verifyTrail(path, head).catch((error: unknown) => {
      throw new UsageError('ERR_AUDIT_FILE', `${path} cannot be read`, error)
    })
    await print(verdict, output, basename(path))
    return verdict.findings.length === 0 ? 0 : 1
  },
}

async function print(verdict: AuditVerdict, output: Output, own: string): Promise<void> {
  const { findings, fileCount, head, lineCount, tornCount, unsettled, settled } = verdict
  // The usual trail is one file, and its name was typed.
  const placeOf = ({ file, line }: LineOfFile): string => `${file === own ? '' : `${file} `}line ${line}`
  for (const finding of findings) await output.line(`${placeOf(finding)}  ${finding.problem}  ${finding.message}`)
  for (const { at, outcome, ...edit } of settled)
    await output.line(`${placeOf(at)}  settled  ${storing(edit)} when the server died; found: ${outcome}`)
  for (const { at, sha256, ...edit } of unsettled) {
    const what = `${storing(edit)}, SHA-256 ${sha256}: look whether they are there`
    await output.line(`${placeOf(at)}  unsettled  ${what}`)
  }
  const files = fileCount > 1 ? ` of ${fileCount} files` : ''
  const torn = tornCount === 0 ? '' : `, ${tornCount} torn by a crash and told`
  const word = findings.length === 0 ? 'intact' : 'NOT INTACT'
  await output.line(`${word}  ${lineCount} lines${files}${torn}  head ${head.sequence} ${head.hash}`)
}

function storing({ who, path, range }: Pick<SettledEdit, 'who' | 'path' | 'range'>): string {
  return `${who} was storing bytes ${range.start} to ${range.end} of ${JSON.stringify(path)}`
}
