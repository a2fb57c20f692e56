import { request } from 'node:http'

/** On a connection of its own, closed after: `fetch` would keep some of them for as long as the server allows, and they would count as held. */
export function openDocument({ port, headers }, path) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/api/v1/documents', method: 'POST', agent: false }
    const asked = request({ ...options, headers: { ...headers, 'content-type': 'application/json' } })
    asked.on('error', reject)
    asked.on('response', async (response) => {
      const text = (await response.toArray()).join('')
      if (response.statusCode < 300) resolve(JSON.parse(text))
      else reject(new Error(`opening ${path}: ${response.statusCode} ${text}`))
    })
    asked.end(JSON.stringify({ path }))
  })
}
