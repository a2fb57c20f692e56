import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's nursery at its first size. Measured on a loaded machine with 2,000 random 64 KiB ranges: the process grew by
 * 60 MiB with the default, which doubles the nursery up to three times 16 MiB and never gives it back, and by 20 MiB with
 * this; requests a second were the same. What a server of ranges allocates in JavaScript is little and dies young.
 *
 * For the command only: a program that uses `buildApp` has its own heap to tune.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
