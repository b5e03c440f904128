// Serves the portal until SIGTERM and prints where: node tools/portal/serve.js [--replies N] [--log FILE]
import { appendFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startPortal } from './index.js'

const { values } = parseArgs({ options: { log: { type: 'string' }, replies: { type: 'string', default: '60' } } })
const { base, sister, port, canary, columns, stop } = await startPortal({
  replies: Number(values.replies),
  onEnd: (entry) => values.log !== undefined && appendFileSync(values.log, `${JSON.stringify(entry)}\n`),
})
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop)
console.log(JSON.stringify({ base, sister, port, canary: canary.port, columns }))
