// The command in a few CommonJS files: starting it is finding and reading files, of which its libraries have hundreds.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const cwd = fileURLToPath(new URL('..', import.meta.url))
await build({
  cwd,
  input: { main: 'dist/cli/main.js', worker: 'dist/batch/worker.js' },
  platform: 'node',
  // Its build for Node.js is CommonJS, which would be taken whole: reader, comments and all.
  resolve: { alias: { yaml: `${cwd}node_modules/yaml/browser/dist/index.js` } },
  treeshake: { moduleSideEffects: (id) => !id.includes('/node_modules/yaml/') },
  output: {
    dir: 'dist/command',
    format: 'cjs',
    chunkFileNames: '[name].js',
    cleanDir: true,
    codeSplitting: {
      groups: [
        { name: 'base', test: /dist\/cli\/(?:run|progress)\.js$/, priority: 3 },
        { name: 'options', test: /dist\/cli\/program\.js$/, priority: 2 },
        { name: 'conversion', test: /dist\/cli\/parse\.js$|dist\/batch\/convert-items\.js$/, priority: 1 },
      ],
    },
  },
})
writeFileSync(`${cwd}dist/command/package.json`, '{ "type": "commonjs" }\n')
