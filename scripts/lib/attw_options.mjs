/**
 * Every entry must resolve from CommonJS as from ES modules. That it is ES modules which CommonJS then gets is what we mean, and so not
 * a problem: every Node that we support can `require` them (test/package_use.test.mjs does), and one copy of a class is better than two
 * that look alike.
 */
export const ATTW_OPTIONS = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm', '--no-emoji']
