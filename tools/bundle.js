// The command in a few files: starting it is finding and reading files, of which its libraries have hundreds.
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

await build({
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  input: { main: 'dist/cli/main.js', worker: 'dist/batch/worker.js' },
  platform: 'node',
  output: { dir: 'dist/command', format: 'esm', chunkFileNames: '[name].js', cleanDir: true },
})
