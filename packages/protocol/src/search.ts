import { Type } from './typebox.ts'

const closed = { additionalProperties: false }
const text = Type.String({ minLength: 1, maxLength: 65_536 })
const isCaseInsensitive = Type.Optional(Type.Boolean())

/** `4D 5A ?? 5?`, with `[4]` and `[2-8]` for gaps. */
export const HexSearch = Type.Object({ kind: Type.Literal('hex'), text }, closed)

/** Text in an encoding, `utf-8` by default. */
export const TextSearch = Type.Object(
  {
    kind: Type.Literal('text'),
    text,
    encoding: Type.Optional(Type.String({ maxLength: 64 })),
    isCaseInsensitive,
  },
  closed,
)

export const NumberTypeName = Type.Union([
  Type.Literal('u8'),
  Type.Literal('i8'),
  Type.Literal('u16'),
  Type.Literal('i16'),
  Type.Literal('u32'),
  Type.Literal('i32'),
  Type.Literal('u64'),
  Type.Literal('i64'),
  Type.Literal('f16'),
  Type.Literal('f32'),
  Type.Literal('f64'),
  Type.Literal('uleb128'),
  Type.Literal('sleb128'),
])

/** `1234`, `10..20`, `100±5`, of a type. */
export const NumberSearch = Type.Object(
  { kind: Type.Literal('number'), text, type: NumberTypeName, isLittleEndian: Type.Optional(Type.Boolean()) },
  closed,
)

/** Longest list of needles, in characters: 65,536 needles of 32 bytes. */
export const MAX_NEEDLE_LIST_LENGTH: number = 4 * 1024 * 1024

/** A list of hexadecimal needles, one a line. */
export const NeedlesSearch = Type.Object(
  { kind: Type.Literal('needles'), text: Type.String({ minLength: 1, maxLength: MAX_NEEDLE_LIST_LENGTH }) },
  closed,
)

/** A JavaScript regular expression over bytes. */
export const RegexpSearch = Type.Object(
  {
    kind: Type.Literal('regexp'),
    text,
    flags: Type.Optional(Type.String({ maxLength: 3 })),
    isCaseInsensitive,
    maxMatchByteLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 1024 ** 3 })),
  },
  closed,
)

/** What is looked for, as the person typed it; compiled by `@mapscope/core/shared`'s `compileQuery` on both sides. */
export const SearchQuery = Type.Union([HexSearch, TextSearch, NumberSearch, NeedlesSearch, RegexpSearch])
export type SearchQuery = Type.Static<typeof SearchQuery>

export const SearchDirection = Type.Union([Type.Literal('forward'), Type.Literal('backward')])
export type SearchDirection = Type.Static<typeof SearchDirection>
