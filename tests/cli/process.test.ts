import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../cases.ts'

const BIN = join(ROOT, 'bin/dafu.js')
const PAGE = join(ROOT, 'fixtures/siteserver--settings-line/page.html')

it('works as a process: data on stdout, silence on stderr, exit 0', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, PAGE], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^schema: dafu\/1\n/)
})

it('reads a pipe', () => {
  const { status, stdout } = spawnSync('sh', ['-c', `cat '${PAGE}' | '${process.execPath}' '${BIN}' -f ndjson`], {
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ source: { uri: '-' } })
})

it('reads a named pipe and writes to one', () => {
  const script = `f=$(mktemp -d) && mkfifo $f/in $f/out && (cat '${PAGE}' > $f/in & cat $f/out & '${process.execPath}' '${BIN}' -f ndjson -o $f/out $f/in; wait); rm -r $f`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'dafu/1' })
})

it('ends quietly when the reader goes', async () => {
  const pages = Array.from({ length: 60 }, () => PAGE)
  const child = spawn(process.execPath, [BIN, '--evidence', ...pages], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const status = await new Promise((resolve) => child.on('close', resolve))
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
