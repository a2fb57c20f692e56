import type { AlignedDifference } from './diff_aligned.ts'

/** Joins neighbours of one kind, and leaves out those without bytes. */
export class AlignedPieces {
  #last: AlignedDifference | undefined;

  *add(piece: AlignedDifference): Generator<AlignedDifference> {
    if (piece.a.start === piece.a.end && piece.b.start === piece.b.end) return
    const last = this.#last
    if (last?.kind === piece.kind) {
      this.#last = {
        kind: piece.kind,
        a: { start: last.a.start, end: piece.a.end },
        b: { start: last.b.start, end: piece.b.end },
      }
      return
    }
    this.#last = piece
    if (last !== undefined) yield last
  }

  *rest(): Generator<AlignedDifference> {
    if (this.#last !== undefined) yield this.#last
    this.#last = undefined
  }
}
