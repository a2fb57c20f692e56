import type { DocumentStore } from './documents/store.ts'
import type { Credentials } from './guard/credentials.ts'
import type { Root } from './roots/root.ts'

/** What the routes and the socket work with; made once by `buildApp`, handed to each as its plugin options. */
export interface Services {
  readonly roots: readonly Root[]
  readonly documents: DocumentStore
  readonly credentials: Credentials
  readonly isWritable: boolean
}
