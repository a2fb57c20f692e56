import { spawn } from 'node:child_process'
import { asanRuntime } from './sanitized_addon.mjs'

/**
 * Runs a Node program with the sanitizers' runtime preloaded. `reports` are what they found, less the leaks that are Node's own: those
 * that the code in `modules` (file names) did not ask for. The exit code counts for nothing then: Node's own leaks change it.
 */
export async function runSanitized(program, { modules, node = process.execPath, timeoutMs = 240_000 }) {
  const ended = await runNode([node, ...program], timeoutMs)
  return { ...ended, reports: findings(ended.errors, modules) }
}

function environment() {
  // The module beside the source line: without it nobody could tell whose a frame is.
  const common = ['print_stacktrace=1', 'stack_trace_format="    #%n %p %F %L %M"']
  const address = [
    // Node and the addon have handlers of their own for these, and they are part of what is tested.
    'handle_segv=0',
    'handle_sigbus=0',
    'handle_abort=0',
    'use_sigaltstack=0',
    'detect_leaks=1',
    'detect_stack_use_after_return=1',
    'quarantine_size_mb=32',
  ]
  return {
    ...process.env,
    LD_PRELOAD: asanRuntime(),
    ASAN_OPTIONS: [...common, ...address].join(':'),
    UBSAN_OPTIONS: common.join(':'),
  }
}

function runNode([node, ...args], timeoutMs) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      output += piece
    })
    child.stderr.setEncoding('utf8').on('data', (piece) => {
      errors += piece
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, output, errors })
    })
  })
}

const ERROR = /ERROR: AddressSanitizer|: runtime error: /

const RUNTIME = /\((libasan|libubsan|libstdc\+\+|libc)\.so/

/**
 * Ours is what our code allocated, or had Node-API allocate. Not what V8 did on the way of a call of ours, nor a deferred: those of jobs
 * that were in flight when their worker ended, Node-API neither settles nor frees (8 bytes each).
 */
function isOurs(leak, modules) {
  const frames = leak.split('\n').filter((line) => /^ +#\d/.test(line) && !RUNTIME.test(line))
  const isIn = (frame) => modules.some((module) => frame?.includes(`(${module}+`))
  const [first = '', second] = frames
  return isIn(first) || (/ napi_(?!create_promise)/.test(first) && isIn(second))
}

/** What a program's stderr holds of the sanitizers' words: a leak report is cut into its leaks, an error is kept with all that follows. */
export function findings(errors, modules) {
  const error = ERROR.exec(errors)
  const leaks = errors.split(/\n\s*\n/).filter((block) => /^(Direct|Indirect) leak of /m.test(block))
  const ours = leaks.filter((leak) => isOurs(leak, modules))
  return error === null ? ours : [errors.slice(errors.lastIndexOf('\n', error.index) + 1), ...ours]
}
