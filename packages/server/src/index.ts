/**
 * Serves files of any size by range and by WebSocket, guarded by a token, from a memory mapping.
 *
 * ```ts
 * import { buildApp } from '@mapscope/server'
 *
 * const app = await buildApp({ roots: ['/evidence'], token: 'a secret of your own' })
 * await app.listen({ host: '127.0.0.1', port: 7370 })
 * ```
 */
export type { AppOptions } from './app.ts'
export { buildApp, openApiDocument } from './app.ts'
export type { CloseOptions } from './lifecycle/close_gracefully.ts'
export { closeGracefully } from './lifecycle/close_gracefully.ts'
export type { LoggerOptions } from './logging/logging.ts'
export type { RootProblem } from './roots/root.ts'
export { RootError } from './roots/root.ts'
export { VERSION } from './version.ts'
