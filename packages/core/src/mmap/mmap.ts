import { closeSync } from 'node:fs'
import { resolve } from 'node:path'
import { inspect } from 'node:util'
import * as workers from 'node:worker_threads'
import { binding } from '@mapscope/native'
import { translated } from '../native_errors.ts'
import { assertRegularFile } from '../source/file_kind.ts'
import { openRegular, withPath } from '../source/open_file.ts'
import { checkRequest, mapFile } from './map_file.ts'
import { MapState } from './map_state.ts'
import { MappedViews } from './mapped_views.ts'
import { checkOptions, convertOptions, type MmapOptions, storesReachFile } from './options.ts'
import { checkHandle, type MmapHandle } from './share.ts'

/** Without it a clone, as for a worker, is an empty object and no error. Node 20 does not have it. */
const { markAsUncloneable } = workers as { markAsUncloneable?: (object: object) => void }

let construct: (state: MapState) => Mmap

/**
 * Maps `length` bytes of an open file (0: from the offset to its end), or of anonymous memory with an `fd` of -1. CPython's `mmap.mmap`. The
 * descriptor stays the caller's, who may close it at once: the map has one of its own, which programs started later do not inherit.
 *
 * @throws `ERR_ARGUMENT` for values of the wrong kind and options that contradict; `ERR_RANGE` for a negative length or offset, and for an empty file
 *   or more than the file has; `ERR_OS` with `errno` `EBADF`, `EACCES` (the descriptor is not open for this access), `EINVAL` (an offset between
 *   pages, no bytes), `ENODEV` (no kind of file that can be mapped), `ENOMEM`, `EMFILE`.
 */
export function mmap(fd: number, length: number, options: MmapOptions = {}): Mmap {
  return construct(mapFile(checkRequest(fd, length, options)))
}

/**
 * A memory map of a file with the names, defaults and checks of CPython's `mmap`. Offsets are exact at any size. A file cut short
 * under the map is `ERR_FAULT` where CPython dies. After `close()` everything but `close`, `closed`, `access`, `offset`, `seekable` and `toString` is
 * `ERR_CLOSED`. Arguments are converted first, whatever they run; then comes whether the map is open, whether it may be stored to, and last
 * whether what is asked for lies inside it.
 *
 * Byte access is synchronous and may wait for the disk; `readAt`, `flushAsync`, `populate` and `prefetch` never block the event loop.
 */
export class Mmap extends MappedViews {
  static {
    construct = (state) => new Mmap(state)
    // What `console.log` shows. Not written as a method: its name is an expression, which no declaration can hold.
    Object.defineProperty(Mmap.prototype, inspect.custom, { value: Mmap.prototype.toString })
  }

  private constructor(state: MapState) {
    super(state)
    markAsUncloneable?.(this)
  }

  /**
   * Opens a file, maps it from `options.offset` to its end, and lets the descriptor go.
   *
   * @throws as `mmap`, with the path; `ERR_NOT_A_FILE` for a directory, pipe, socket or device, without waiting for anyone at its other
   *   end; `ERR_OS` when it cannot be opened (`ENOENT`, `EACCES`).
   */
  static open(path: string, options: MmapOptions = {}): Mmap {
    const checked = checkOptions(convertOptions(options))
    const fd = openRegular(path, storesReachFile(checked))
    try {
      assertRegularFile(translated(() => binding.fileStatus(fd)))
      return construct(mapFile({ fd, length: 0, options: checked, path: resolve(path) }))
    } catch (error) {
      throw withPath(error, path)
    } finally {
      closeSync(fd)
    }
  }

  /**
   * Opens the map that `share` made the handle of, in this thread or another one of the process. What it may do is what that map may do.
   *
   * @throws `ERR_ARGUMENT` for what is no handle, or one of another process; `ERR_CLOSED` when no thread has the map open any more.
   */
  static openShared(handle: MmapHandle): Mmap {
    const { mapping, kind: _kind, process: _process, ...plan } = checkHandle(handle)
    return construct(
      new MapState(
        translated(() => binding.openShared(mapping)),
        plan,
      ),
    )
  }

  /** What it is and where its position stands, for people. Never throws. CPython's `repr(m)`. */
  override toString(): string {
    if (this.closed) return '<Mmap closed=true>'
    const { access, length, offset } = this
    return `<Mmap closed=false, access=${access}, length=${length}, pos=${this.tell()}, offset=${offset}>`
  }
}
