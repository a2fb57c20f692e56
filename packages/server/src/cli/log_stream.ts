import { closeSync, openSync, writeSync } from 'node:fs'
import type { LogLevel, ServeSettings } from '../settings/serve_settings.ts'
import { UsageError } from './usage_error.ts'

export interface LogStream {
  write(line: string): void
}

/** `--log` is the short way to say "every request". */
export function logLevelOf({ log, logLevel }: ServeSettings): LogLevel {
  return log && (logLevel === 'error' || logLevel === 'warn' || logLevel === 'fatal') ? 'info' : logLevel
}

/**
 * Standard error, for standard output has the link and scripts read it; or a file. The file is opened for each line: a line is
 * 20 µs that way, and whoever rotates logs (`logrotate`, `mv`) need not tell us.
 */
export function logStream(file: string | undefined): LogStream {
  if (file === undefined) return process.stderr
  appendTo(file, '')
  return {
    write: (line) => {
      try {
        appendTo(file, line)
      } catch {
        // The disk is full, or the folder gone: no reason to stop serving, and standard error still says it.
        process.stderr.write(line)
      }
    },
  }
}

function appendTo(file: string, text: string): void {
  try {
    const fd = openSync(file, 'a', 0o600)
    writeSync(fd, text)
    closeSync(fd)
  } catch (error) {
    throw new UsageError('ERR_LOG_FILE', `${file} cannot be written (${(error as NodeJS.ErrnoException).code})`, error)
  }
}
