import { Worker } from 'node:worker_threads'
import { InputError } from '../diagnostics.ts'
import { type ConvertSettings, failureOf, type Task } from './convert-items.ts'
import { NURSERY } from './heap.ts'
import type { Item } from './item.ts'
import type { FromWorker, ToWorker, WorkerData } from './worker.ts'

export interface PoolOptions {
  readonly jobs: number
  /** Milliseconds without an item after which a worker is replaced; null for no limit. */
  readonly timeout: number | null
}

/** What only the main thread can read: standard input, an address. */
export interface LocalTask {
  readonly items: () => AsyncIterable<Item>
}

/** A task under way: its items as they come, in order. */
interface Run {
  readonly number: number
  readonly task: Task
  readonly items: Item[]
  /** Items received, those of failures among them. */
  received: number
  /** The page that the worker is at. */
  current: string | null
  isDone: boolean
  readonly member: Member
}

interface Member {
  worker: Worker
  readonly runs: Run[]
  /** Items that it may send before it waits for leave. */
  credit: number
  timer: NodeJS.Timeout | null
}

/** Tasks that a worker has at hand, so that it never waits for the next. */
const AT_HAND = 2
/** Items that a worker may send ahead of those that are taken: memory stays flat. */
const CREDIT = 64
/** Tasks that may be under way for each worker, however slow the first of them is. */
const WINDOW = 32

/**
 * Converts tasks in worker threads; gives their items in the order of the tasks. A worker that dies, or that takes too
 * long over an item, costs that item: it is replaced, the rest goes on.
 */
export async function* convertInWorkers(
  tasks: Iterator<Task | LocalTask>,
  settings: ConvertSettings,
  options: PoolOptions,
): AsyncGenerator<Item> {
  const members: Member[] = []
  const runs: (Run | LocalTask)[] = []
  let wake: (() => void) | null = null
  let crash: unknown = null
  let number = 0
  let isExhausted = false
  let next: IteratorResult<Task | LocalTask> | null = null

  const signal = () => {
    wake?.()
    wake = null
  }
  const watch = (member: Member) => {
    if (member.timer) clearTimeout(member.timer)
    member.timer = null
    if (options.timeout !== null && member.runs.length > 0 && member.credit > 0)
      member.timer = setTimeout(
        () =>
          replace(
            member,
            new InputError('item.timeout', `The page took longer than ${options.timeout! / 1000} seconds.`),
          ),
        options.timeout,
      )
  }
  const workerData: WorkerData = { settings, credit: CREDIT }
  const start = () =>
    new Worker(new URL(WORKER_FILE, import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: NURSERY },
    })
  const listen = (member: Member, worker: Worker) => {
    worker.on('message', (message: FromWorker) => {
      const run = member.runs.find((one) => one.number === message.number)
      if (!run || member.worker !== worker) return
      if (message.kind === 'begin') run.current = message.uri
      else if (message.kind === 'item') {
        run.items.push(message.item)
        run.received++
        run.current = null
        member.credit--
      } else {
        run.isDone = true
        member.runs.splice(member.runs.indexOf(run), 1)
      }
      watch(member)
      signal()
    })
    worker.on('error', (error) => {
      if (member.worker === worker)
        replace(member, new InputError('item.crashed', `The page ended its worker (${(error as Error).message}).`))
    })
  }
  /** Fails the page that the worker was at, and goes on behind it with a new worker. */
  const replace = (member: Member, error: InputError) => {
    void member.worker.terminate()
    const [run] = member.runs
    if (!run) {
      crash ??= error
      return signal()
    }
    const uri = run.current ?? run.task.uri
    run.items.push({ kind: 'failed', uri, sha256: null, bytes: null, failure: failureOf(error), stack: null })
    run.received++
    if (run.current === null) {
      // Not a page, but the way to it: the file is given up.
      run.isDone = true
      member.runs.shift()
    }
    run.current = null
    member.worker = start()
    member.credit = CREDIT
    listen(member, member.worker)
    for (const { number, task, received } of member.runs) post(member, { kind: 'task', number, task, from: received })
    watch(member)
    signal()
  }
  const post = (member: Member, message: ToWorker) => member.worker.postMessage(message)
  const fill = () => {
    while (!isExhausted && runs.length < options.jobs * WINDOW) {
      if (next === null) next = tasks.next()
      if (next.done) {
        isExhausted = true
        return
      }
      if ('items' in next.value) {
        runs.push(next.value)
        next = null
        continue
      }
      const idle =
        members.find((member) => member.runs.length < AT_HAND) ?? (members.length < options.jobs ? null : undefined)
      if (idle === undefined) return
      const task = next.value
      next = null
      const member = idle ?? { worker: start(), runs: [], credit: CREDIT, timer: null }
      if (idle === null) {
        listen(member, member.worker)
        members.push(member)
      }
      const run: Run = { number: number++, task, items: [], received: 0, current: null, isDone: false, member }
      runs.push(run)
      member.runs.push(run)
      post(member, { kind: 'task', number: run.number, task, from: 0 })
      if (member.runs.length === 1) watch(member)
    }
  }

  try {
    for (;;) {
      fill()
      const head = runs[0]
      if (head === undefined) return
      if (!('member' in head)) {
        runs.shift()
        yield* head.items()
      } else if (head.items.length > 0) {
        for (const item of head.items.splice(0)) {
          if (head.member.credit++ === 0) watch(head.member)
          post(head.member, { kind: 'credit' })
          yield item
        }
      } else if (head.isDone) runs.shift()
      else {
        if (crash) throw crash
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    for (const { worker, timer } of members) {
      worker.removeAllListeners()
      if (timer) clearTimeout(timer)
    }
    await Promise.all(members.map(({ worker }) => worker.terminate()))
  }
}

/** The worker beside this file: .ts where tests run the sources, .js where they are built. */
const WORKER_FILE = import.meta.url.endsWith('.ts') ? '../../dist/batch/worker.js' : './worker.js'
