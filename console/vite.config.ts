import react from '@vitejs/plugin-react';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, Plugin } from 'vite';

// `npm run dev` serves the sources and passes API calls on to a running server:
// ARMATURE_ENDPOINT=http://127.0.0.1:8000 npm run dev
const endpoint = process.env.ARMATURE_ENDPOINT ?? 'http://127.0.0.1:8000';

// The server sends files as they are, so they are packed once, here.
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir }) {
      for (const entry of readdirSync(dir!, { withFileTypes: true, recursive: true })) {
        if (!entry.isFile() || !/\.(js|css|html|svg)$/.test(entry.name)) continue;
        const file = join(entry.parentPath ?? entry.path, entry.name);
        const bytes = readFileSync(file);
        if (bytes.length < 1024) continue;
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

// The design system's style sheet carries eight faces of Open Sans inside it. As files of their own,
// a page loads the two it shows, and none of them holds up its first display.
function fontFiles(): Plugin {
  return {
    name: 'font-files',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('global-styles/index.css')) return undefined;
      return code.replace(/url\('data:font\/woff2;base64,([^']+)'\)/g, (_, data: string) => {
        const file = this.emitFile({ type: 'asset', name: 'open-sans.woff2', source: Buffer.from(data, 'base64') });
        return `url(__VITE_ASSET__${file}__)`;
      });
    },
  };
}

export default defineConfig({
  base: '/console/',
  plugins: [react(), fontFiles(), precompress()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // The content policy allows no data: scripts; a file is as good.
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/console/api': { target: endpoint, changeOrigin: false } } }, // The server compares Origin and Host.
});
