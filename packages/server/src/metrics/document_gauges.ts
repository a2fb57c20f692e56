import { DiskState } from '@mapscope/protocol'
import type { DocumentStore } from '../documents/store.ts'
import type { Metrics } from './metrics.ts'

const DISK_STATES: readonly string[] = DiskState.anyOf.map((state) => state.const)

/** What is open, and what has become of it. */
export function addDocumentGauges(metrics: Metrics, documents: DocumentStore): void {
  metrics.gauge('mapscope_open_documents', { help: 'Documents that are open.', read: () => documents.list().length })
  metrics.gauge('mapscope_mapped_bytes', {
    help: 'Bytes of the open documents: address space, not memory.',
    read: () => documents.list().reduce((sum, document) => sum + document.info().byteLength, 0),
  })
  metrics.gauge('mapscope_documents_by_disk_state', {
    help: 'Open documents by what has become of their file.',
    labels: ['state'],
    read: () => {
      const states = documents.list().map((document) => document.info().disk)
      return DISK_STATES.map((state) => ({ labels: { state }, value: states.filter((one) => one === state).length }))
    },
  })
}
