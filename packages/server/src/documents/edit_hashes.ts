import { hash } from 'node:crypto'

/** What an edit means to do to its bytes, in hashes: enough to tell later, from the bytes alone, how far it came. */
export interface EditHashes {
  /** Of the bytes that are to be there. */
  readonly sha256: string
  /** Of those that were there when it was asked for; absent when not all of them could be read. */
  readonly presentSha256?: string
  /** Of each piece, what is to be there and what was; of edits of more than one. */
  readonly pieces?: readonly (readonly [string, string])[]
}

/** An edit of 2 MiB has 32 of them: a line of the trail stays short. */
export const PIECE_BYTE_LENGTH: number = 64 * 1024

export function editHashes(bytes: Uint8Array, present: Uint8Array | undefined): EditHashes {
  const sha256 = hash('sha256', bytes)
  if (present === undefined) return { sha256 }
  const presentSha256 = hash('sha256', present)
  if (bytes.length <= PIECE_BYTE_LENGTH) return { sha256, presentSha256 }
  const [meant, there] = [pieceHashes(bytes), pieceHashes(present)]
  return { sha256, presentSha256, pieces: meant.map((piece, at) => [piece, there[at] ?? '']) }
}

export function pieceHashes(bytes: Uint8Array): string[] {
  const hashes: string[] = []
  for (let start = 0; start < bytes.length; start += PIECE_BYTE_LENGTH)
    hashes.push(hash('sha256', bytes.subarray(start, start + PIECE_BYTE_LENGTH)))
  return hashes
}
