import { spawnSync } from 'node:child_process'

/** As root this works; elsewhere a user namespace may be allowed. */
const NAMESPACES = [['-m'], ['-rm']]

/** The words before a command that runs it with a file system of 1 MiB mounted at `mountPoint`, or undefined where none can be mounted. */
export function onSmallDisk(mountPoint: string): readonly string[] | undefined {
  const words = NAMESPACES.map((namespace) => [
    'unshare',
    ...namespace,
    'sh',
    '-c',
    'mount -t tmpfs -o size=1m none "$0" && exec "$@"',
    mountPoint,
  ])
  return words.find(([command = '', ...rest]) => spawnSync(command, [...rest, 'true']).status === 0)
}
