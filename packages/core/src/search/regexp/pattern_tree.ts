import { type AST, RegExpParser } from '@eslint-community/regexpp'
import { type ByteSet, bytesOfAtom } from './byte_set.ts'

/** An expression as far as it matters for what its matches hold and how far it looks. Nothing of captures is in it. */
export type PatternNode =
  | { readonly kind: 'bytes'; readonly set: ByteSet }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly items: readonly PatternNode[] }
  | Repeat
  | { readonly kind: 'ahead' | 'behind'; readonly item: PatternNode }
  /** `^`, `$`, `\b`, `\B`: one byte before or behind is looked at. */
  | { readonly kind: 'edge' }
  /** A back reference: anything of any length. */
  | { readonly kind: 'unknown' }

export interface Repeat {
  readonly kind: 'repeat'
  readonly item: PatternNode
  readonly min: number
  readonly max: number
  readonly isGreedy: boolean
}

/** Newer syntax than an engine has is refused by the engine, so the newest is asked for here. */
const PARSER = new RegExpParser({ ecmaVersion: 2025 })

/** The parsed expression; undefined for what this parser does not take, of which the engine then decides alone. */
export function parsePattern(source: string): AST.Pattern | undefined {
  try {
    return PARSER.parsePattern(source)
  } catch {
    return undefined
  }
}

/** The tree of an expression under its flags, or undefined where something in it cannot be told (then nothing is assumed of it). */
export function patternTree(pattern: AST.Pattern, flags: string): PatternNode | undefined {
  return new TreeBuilder(flags).choice(pattern.alternatives)
}

type Made = PatternNode | undefined

class TreeBuilder {
  readonly #flags: string
  readonly #atoms: Map<string, ByteSet | undefined> = new Map()

  constructor(flags: string) {
    this.#flags = flags
  }

  choice(alternatives: readonly AST.Alternative[]): Made {
    const items = allMade(alternatives.map(({ elements }) => this.#sequence(elements)))
    if (items === undefined) return undefined
    return items.length === 1 ? items[0] : { kind: 'choice', items }
  }

  #sequence(elements: readonly AST.Element[]): Made {
    const items = allMade(elements.map((element) => this.#element(element)))
    return items && { kind: 'sequence', items }
  }

  #element(element: AST.Element): Made {
    switch (element.type) {
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
      case 'ExpressionCharacterClass':
        return this.#atom(element.raw)
      case 'Group':
        // `(?i:…)`: the atoms in it would be read with other flags.
        return element.modifiers === null ? this.choice(element.alternatives) : undefined
      case 'CapturingGroup':
        return this.choice(element.alternatives)
      case 'Quantifier': {
        const item = this.#element(element.element)
        return item && { kind: 'repeat', item, min: element.min, max: element.max, isGreedy: element.greedy }
      }
      case 'Backreference':
        return { kind: 'unknown' }
      case 'Assertion':
        return this.#assertion(element)
    }
  }

  #assertion(element: AST.Assertion): Made {
    if (element.kind !== 'lookahead' && element.kind !== 'lookbehind') return { kind: 'edge' }
    const item = this.choice(element.alternatives)
    return item && { kind: element.kind === 'lookahead' ? 'ahead' : 'behind', item }
  }

  #atom(raw: string): Made {
    if (!this.#atoms.has(raw)) this.#atoms.set(raw, bytesOfAtom(raw, this.#flags))
    const set = this.#atoms.get(raw)
    return set && { kind: 'bytes', set }
  }
}

function allMade(nodes: readonly Made[]): PatternNode[] | undefined {
  const made = nodes.filter((node) => node !== undefined)
  return made.length === nodes.length ? made : undefined
}
