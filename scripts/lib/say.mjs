// What the two commands print: one line a step, so that a person waiting knows for what.

export function say(text) {
  process.stdout.write(`mapscope: ${text}\n`)
}

/** Ends the command with a reason and what to do about it. */
export function fail(text, exitCode = 1) {
  process.stderr.write(`\nmapscope: ${text}\n`)
  process.exit(exitCode)
}
