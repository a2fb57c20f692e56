import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The grid alone, with no server behind it: for looking at it, and for measuring it.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react()],
  resolve: { conditions: ['@mapscope/source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: fileURLToPath(new URL('../node_modules/.cache/harness', import.meta.url)),
    emptyOutDir: true,
  },
  server: { host: '127.0.0.1' },
})
