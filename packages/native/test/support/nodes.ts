/** The root's test script names the Node binaries of the matrix, separated by colons; alone, a test runs under its own. */
const named = (process.env['MAPSCOPE_NODES'] ?? '').split(':').filter((node) => node !== '')

export const nodes: readonly string[] = named.length > 0 ? named : [process.execPath]
