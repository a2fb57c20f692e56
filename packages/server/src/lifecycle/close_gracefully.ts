import type { FastifyInstance } from 'fastify'

export interface CloseOptions {
  /** How long answers under way, jobs and sockets may take to finish. What is left then is broken off. */
  readonly graceMs: number
}

/** Closes an app of `buildApp` as a service is stopped: nothing new is taken, what was begun is finished, within limits. */
export async function closeGracefully(app: FastifyInstance, { graceMs }: CloseOptions): Promise<void> {
  app.lifecycle.graceMs = graceMs
  await app.close()
}
