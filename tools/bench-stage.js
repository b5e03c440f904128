// One stage of the bench in a process of its own: told a list of pages, it works them off and answers what that cost.
import { readFileSync } from 'node:fs'
import { decode } from '../dist/input/decode.js'

const textOf = (path) => decode(readFileSync(path), { encoding: null, charset: null }).text

const STAGES = {
  'read + decode': async () => (path) => textOf(path).length,
  'parse5 parse': async () => {
    const { parse } = await import('parse5')
    return (path) => parse(textOf(path))
  },
  'cheerio.load': async () => {
    const { load } = await import('cheerio')
    return (path) => load(textOf(path))
  },
  'dafu, file to NDJSON': async () => {
    const { convert } = await import('../dist/convert.js')
    const { fitHeap } = await import('../dist/batch/heap.js')
    const { toNdjson } = await import('../dist/formats/json.js')
    const { fileSource } = await import('../dist/input/source.js')
    fitHeap()
    return (path) => toNdjson(convert(fileSource(path, readFileSync(path)), { encoding: null, evidence: false }))
  },
}

const work = await STAGES[process.argv[2]]()
process.on('message', (paths) => {
  const start = process.cpuUsage()
  const wall = performance.now()
  for (const path of paths) work(path)
  const { user, system } = process.cpuUsage(start)
  process.send({ cpu: (user + system) / 1000, wall: performance.now() - wall })
})
process.send('ready')
