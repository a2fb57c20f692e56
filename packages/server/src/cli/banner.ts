import { networkInterfaces } from 'node:os'
import type { FileEntry } from '@mapscope/protocol'
import { isLoopback } from '../guard/host.ts'

export interface Address {
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
}

export interface BannerFacts {
  readonly entries: readonly FileEntry[]
  readonly host: string
  readonly port: number
  readonly query: string
  readonly certificateFingerprint: string | undefined
  readonly isWritable: boolean
}

/** What is served, how, and the one link: what the person at the console must know, and no more. */
export function banner({ entries, host, port, query, certificateFingerprint, isWritable }: BannerFacts): string {
  const width = Math.max(...entries.map((entry) => entry.name.length))
  const lines = ['Mapscope serves']
  for (const entry of entries) lines.push(`  ${entry.name.padEnd(width)}  ${describe(entry)}`)
  lines.push(
    isWritable
      ? 'WRITABLE: edits go straight into the files. Leave --writable out to look only.'
      : 'Read-only: no file is ever opened for writing.',
  )
  if (certificateFingerprint !== undefined) {
    lines.push('Certificate, SHA-256 (compare it with what the browser shows):', `  ${certificateFingerprint}`)
  } else if (!isLoopback(host)) {
    lines.push(
      `Warning: ${host} is reachable from other machines, and the traffic is not encrypted, the token included.`,
    )
  }
  const url = serverUrl({ host, port, isSecure: certificateFingerprint !== undefined })
  lines.push('', `  ${url}/?${query}`, '', 'Ctrl-C ends it.', '')
  return lines.join('\n')
}

/** Where to go to; of a wildcard, an address that can be gone to. */
export function serverUrl({ host, port, isSecure }: Address): string {
  return `${isSecure ? 'https' : 'http'}://${urlHost(host)}:${port}`
}

function describe(entry: FileEntry): string {
  if (entry.kind === 'directory') return 'folder'
  return entry.byteLength === undefined ? (entry.refusal ?? 'unreadable') : formatSize(entry.byteLength)
}

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `15 TiB (16,492,674,416,640 bytes)`. */
export function formatSize(byteLength: number): string {
  const exact = `${byteLength.toLocaleString('en')} ${byteLength === 1 ? 'byte' : 'bytes'}`
  let size = byteLength
  let unit: string | undefined
  for (const next of UNITS) {
    if (size < 1024) break
    size /= 1024
    unit = next
  }
  if (unit === undefined) return exact
  return `${size.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit} (${exact})`
}

/** A wildcard is no address to go to: the first one that other machines see, else this machine. */
function urlHost(host: string): string {
  const address = host === '0.0.0.0' || host === '::' ? (externalAddress() ?? '127.0.0.1') : host
  return address.includes(':') ? `[${address}]` : address
}

function externalAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find((address) => !address.internal && address.family === 'IPv4')?.address
}
