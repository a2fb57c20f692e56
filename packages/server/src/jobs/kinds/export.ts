import { hash } from '@mapscope/core'
import { API_PREFIX } from '@mapscope/protocol'
import { DEFAULT_ALGORITHMS } from './hash.ts'
import type { JobKind, RequestOf } from './kind.ts'

/** A 50 GB selection is two numbers: what is made is a manifest, with which anybody gets exactly these bytes, or is told that they are others now. */
export const exportKind: JobKind<RequestOf<'export'>> = {
  cutting: () => 'whole',
  run: async ({ request, document, source, range, signal, onScanned }) => {
    const { algorithms = DEFAULT_ALGORITHMS } = request
    const onProgress = ({ scanned }: { scanned: number }): void => onScanned(scanned)
    const digests = await hash(source, { algorithms, range, signal, onProgress })
    const rangeHeader = range.start < range.end ? { rangeHeader: `bytes=${range.start}-${range.end - 1}` } : {}
    return {
      summary: {
        kind: 'manifest',
        path: document.path,
        documentByteLength: source.byteLength,
        range,
        digests,
        url: `${API_PREFIX}/documents/${document.id}/bytes?revision=${document.revision}`,
        ...rangeHeader,
        revision: document.revision,
        generation: document.generation,
      },
    }
  },
}
