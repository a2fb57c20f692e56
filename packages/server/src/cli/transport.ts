import { readFileSync, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { createSecureContext } from 'node:tls'
import { because } from '../errno.ts'
import { isLoopback } from '../guard/host.ts'
import { type Certificate, selfSigned } from '../guard/self_signed.ts'
import type { ServeSettings } from '../settings/serve_settings.ts'
import { UsageError } from './usage_error.ts'

/**
 * The certificate to serve with; `undefined`: plain HTTP, which is for this machine only.
 *
 * @throws UsageError `ERR_HOST` for other machines without TLS, `ERR_TLS` for a certificate that is none.
 */
export function certificateOf(settings: ServeSettings): Certificate | undefined {
  const { host, tlsCert, tlsKey, tlsSelfSigned, plainHttp } = settings
  if (tlsSelfSigned && (tlsCert !== undefined || tlsKey !== undefined))
    throw new UsageError('ERR_USAGE', 'give either --tls-self-signed or --tls-cert and --tls-key')
  if (tlsSelfSigned) return selfSigned(namesOf(settings))
  if (tlsCert !== undefined && tlsKey !== undefined) return read(tlsCert, tlsKey)
  if (tlsCert !== undefined || tlsKey !== undefined)
    throw new UsageError('ERR_USAGE', '--tls-cert and --tls-key go together')
  if (isLoopback(host) || plainHttp) return undefined
  throw new UsageError(
    'ERR_HOST',
    `${host} is reachable from other machines, and without TLS everyone on the way reads the bytes and the token; add --tls-cert and --tls-key, or --tls-self-signed, or leave --host out and come through ssh -L (behind a proxy that does TLS: --plain-http)`,
  )
}

function read(certPath: string, keyPath: string): Certificate {
  const [cert, key] = [readText(certPath), readText(keyPath)]
  if (process.platform !== 'win32' && (statSync(keyPath).mode & 0o007) !== 0)
    throw new UsageError('ERR_TLS', `${keyPath} can be read by everyone; run: chmod 600 ${JSON.stringify(keyPath)}`)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new UsageError('ERR_TLS', `${certPath} and ${keyPath} are no certificate and its key, as PEM`, error)
  }
  return { cert, key }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError('ERR_TLS', `${path} cannot be read${because(error)}`, error)
  }
}

/** All that a browser may come by: the certificate's names, and nobody else's. */
function namesOf({ host, allowHost }: ServeSettings): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const isAny = host === '0.0.0.0' || host === '::'
  const own = isAny ? addresses.map(({ address }) => address) : [host]
  return [...new Set(['localhost', '127.0.0.1', '::1', ...own, ...allowHost])]
}
