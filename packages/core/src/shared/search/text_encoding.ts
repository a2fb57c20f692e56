export interface TextEncoding {
  readonly name: string
  /** The bytes that mean this code point: none, one way, or (in some old encodings) several. Half a surrogate pair has none. */
  spellingsOf(point: number): readonly (readonly number[])[]
}
