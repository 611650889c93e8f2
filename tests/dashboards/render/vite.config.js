import { defineConfig } from 'vite';

// One script that needs no server: the page is opened as a file.
export default defineConfig({
  base: './',
  define: { 'process.env.NODE_ENV': '"production"', 'import.meta': '{}' },
  build: {
    chunkSizeWarningLimit: 20000,
    rollupOptions: { output: { codeSplitting: false, format: 'iife' } },
  },
  logLevel: 'error',
});
