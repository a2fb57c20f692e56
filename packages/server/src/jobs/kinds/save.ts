import type { JobKind, RequestOf } from './kind.ts'

/**
 * Today's documents are read-only, or store straight into the file: an edit is answered once it is stored and flushed, so nothing is left to be
 * written, and there is no other file that a crash could leave behind. What a save does is to come after all edits asked for before it (the job took its
 * snapshot behind them) and to say what the file is then. Taken up after a crash, it says what it is after the crash.
 */
export const saveKind: JobKind<RequestOf<'save'>> = {
  // It is about edits: who may make none has none to wait for.
  role: 'edit',
  isOfAnyState: true,
  cutting: () => 'whole',
  run: async ({ document, source, range, onScanned }) => {
    onScanned(range.end - range.start)
    const { path, revision, generation, storedByteLength, disk } = document
    const documentByteLength = source.byteLength
    return { summary: { kind: 'saved', path, documentByteLength, storedByteLength, disk, revision, generation } }
  },
}
