import Type from 'typebox'

/** What is looked for, as the person typed it; parsed by `@mapscope/core/shared`'s `parseQuery` on both sides. */
export const SearchQuery = Type.Object(
  {
    kind: Type.Union([Type.Literal('hex'), Type.Literal('text')]),
    text: Type.String({ minLength: 1, maxLength: 65536 }),
  },
  { additionalProperties: false },
)
export type SearchQuery = Type.Static<typeof SearchQuery>

export const SearchDirection = Type.Union([Type.Literal('forward'), Type.Literal('backward')])
export type SearchDirection = Type.Static<typeof SearchDirection>
