import openapiTypescript, { astToString } from 'openapi-typescript'

const HEADER = `// Made of docs/openapi.json by \`node scripts/openapi.mjs\`; never edited by hand. CI makes it again and compares.
`

/** The document's types, as a TypeScript module. */
export async function clientTypes(document) {
  const nodes = await openapiTypescript(structuredClone(document), { alphabetize: true })
  return `${HEADER}\n${astToString(nodes)}`
}
