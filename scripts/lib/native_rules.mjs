// The boundaries inside packages/native, which no C++ tool of ours can hold: each rule is a pattern that must not occur in some
// folder's files. `scripts/test/boundaries.test.mjs` shows each of them a violation.

export const NATIVE_RULES = [
  {
    name: 'os/ and kernels/ know no napi',
    appliesTo: /^src\/(os|kernels)\//,
    forbids: /#include\s*[<"](napi|node_api|js_native_api)/,
    reason: 'mappings and kernels must be usable and testable without JavaScript',
  },
  {
    name: 'kernels/ know no operating system',
    appliesTo: /^src\/kernels\//,
    forbids: /#include\s*<(sys\/|unistd|fcntl|signal|windows)/,
    reason: 'a kernel is arithmetic over bytes',
  },
  {
    name: 'wrappers and jobs never call the OS',
    appliesTo: /^src\/(?!os\/|kernels\/)/,
    forbids: /#include\s*<(sys\/|unistd|fcntl|signal|windows)/,
    reason: 'platforms are files behind os/*.h',
  },
  {
    name: 'no platform #ifdef outside os/',
    appliesTo: /^src\/(?!os\/)/,
    forbids: /#\s*(if|ifdef|elif)\b.*(__linux__|__APPLE__|_WIN32)/,
    reason: 'platforms are files, chosen in binding.gyp',
  },
  {
    name: 'Node-API only',
    appliesTo: /^src\//,
    forbids: /#include\s*[<"](v8|nan|node\.h|uv\.h)/,
    reason: 'one binary serves every Node version',
  },
]

/** What a file of packages/native violates: `[{rule, line}]`. `file` is relative to the package. */
export function nativeViolations(file, text) {
  const violations = []
  for (const rule of NATIVE_RULES.filter((candidate) => candidate.appliesTo.test(file))) {
    text.split('\n').forEach((line, index) => {
      if (rule.forbids.test(line)) violations.push({ rule, line: index + 1 })
    })
  }
  return violations
}
