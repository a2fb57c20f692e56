import type { AST } from '@eslint-community/regexpp'
import { visitRegExpAST } from '@eslint-community/regexpp'
import { MapscopeError } from '../../shared/index.ts'
import { bytesOfAtom, classOf, foldedAscii } from './byte_set.ts'

/**
 * The expression with both cases of every ASCII letter where one was: `[^a-f]x` becomes `[\x00-\x40\x47-\x60\x67-\xff][\x58\x78]`. The engine's own flag `i` would
 * fold bytes that are no ASCII, as E0 and C0.
 *
 * @throws `ERR_ARGUMENT` for back references: what was matched would have to be folded, which only that flag does.
 */
export function foldAscii(source: string, pattern: AST.Pattern): string {
  const atoms: (AST.Character | AST.CharacterSet | AST.CharacterClass)[] = []
  visitRegExpAST(pattern, {
    onCharacterEnter: (node) => void (isInClass(node) || atoms.push(node)),
    onCharacterClassEnter: (node) => void atoms.push(node),
    onBackreferenceEnter: refuseReference,
  })
  let folded = ''
  let end = 0
  for (const { start, raw, end: atomEnd } of atoms.sort((a, b) => a.start - b.start)) {
    folded += source.slice(end, start) + foldedAtom(raw)
    end = atomEnd
  }
  return folded + source.slice(end)
}

function foldedAtom(raw: string): string {
  const isNegated = raw.startsWith('[^')
  const set = bytesOfAtom(isNegated ? `[${raw.slice(2)}` : raw, '')
  if (set === undefined) return raw
  const folded = foldedAscii(set)
  if (folded.every((isIn, byte) => isIn === set[byte])) return raw
  return classOf(isNegated ? folded.map((isIn) => 1 - isIn) : folded)
}

function isInClass({ parent }: AST.Character): boolean {
  return parent?.type === 'CharacterClass' || parent?.type === 'CharacterClassRange'
}

function refuseReference(): never {
  throw new MapscopeError(
    'ERR_ARGUMENT',
    'A back reference (\\1) cannot be folded in ASCII alone; write both cases out, as [Aa], or use the flag i, which folds Latin-1.',
  )
}
