import { readFileSync } from 'node:fs'

/** Whether this process has any part of the file mapped, as the kernel sees it. */
export function isMapped(path: string): boolean {
  return readFileSync('/proc/self/maps', 'utf8').includes(path)
}

/** How many mappings this process has. */
export function mapCount(): number {
  return readFileSync('/proc/self/maps', 'utf8').split('\n').length
}
