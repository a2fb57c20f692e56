import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { ByteShares } from '../guard/byte_shares.ts'
import { Shares } from '../guard/shares.ts'
import type { UnderWay } from '../guard/under_way.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Downloads under way, by principal. */
    streams: Shares
    bytesUnderWay: ByteShares
  }
  interface FastifyContextConfig {
    /** Answers with a file's bytes: holds a descriptor and a mapping for as long as its client takes to read. */
    isStream?: boolean
  }
}

/**
 * Downloads of one principal at once. Each holds a descriptor and a share of a mapping and, the bytes being the mapping's own, next
 * to no memory; so it is descriptors that this bounds. The bytes under way are bounded by themselves (`ByteShares`).
 */
export const MAX_STREAM_COUNT = 512
/** Sockets of one principal: each is a tab. */
export const MAX_SOCKET_COUNT = 512

export interface SharesOptions {
  readonly underWay: UnderWay
  readonly bytesUnderWay: ByteShares
}

/** To be registered behind the guard, which says who asks. */
async function limitShares(app: FastifyInstance, { underWay, bytesUnderWay }: SharesOptions): Promise<void> {
  app.decorate('bytesUnderWay', bytesUnderWay)
  const streams = new Shares(MAX_STREAM_COUNT, 'downloads')
  app.decorate('streams', streams)
  const sockets = new Shares(MAX_SOCKET_COUNT, 'sockets')
  app.addHook('onRequest', (request, reply, done) => {
    const { isStream, takesUpgrade } = request.routeOptions.config
    try {
      if (isStream === true) {
        const { principal } = request
        const giveBack = streams.take(principal.name)
        const forget = underWay.add({ kind: 'download', principal, end: () => request.raw.socket.destroy() })
        reply.raw.once('close', () => {
          giveBack()
          forget()
        })
      }
      if (takesUpgrade === true && request.headers.upgrade !== undefined)
        request.raw.socket.once('close', sockets.take(request.principal.name))
    } catch (error) {
      return done(error as Error)
    }
    done()
  })
}

export const sharesPlugin: typeof limitShares = fp(limitShares, { name: 'shares', dependencies: ['guard'] })
