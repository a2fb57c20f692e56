import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `pnpm dev` against a running server: MAPSCOPE_SERVER=http://127.0.0.1:7370 pnpm dev */
const server = process.env['MAPSCOPE_SERVER'] ?? 'http://127.0.0.1:7370'

export default defineConfig({
  plugins: [react()],
  // Workspace packages run from source: no build of theirs can be stale here.
  resolve: { conditions: ['@mapscope/source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2023',
    // The server's policy is `default-src 'self'`: nothing may be inlined as a data: URL or a script in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: {
    proxy: {
      // The server answers its own origin only; here the page comes from vite's.
      '/api': { target: server, ws: true, changeOrigin: true, headers: { origin: server } },
      '/raw': { target: server, changeOrigin: true, headers: { origin: server } },
    },
  },
})
