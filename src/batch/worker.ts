import { parentPort, workerData } from 'node:worker_threads'
import { type ConvertSettings, createConverter, type Task } from './convert-items.ts'
import type { Item } from './item.ts'

/** To a worker: a task, to be done from the item numbered `from`, or leave to send one item more. */
export type ToWorker =
  | { readonly kind: 'task'; readonly number: number; readonly task: Task; readonly from: number }
  | { readonly kind: 'credit' }

/** From a worker: that it begins with a page, what became of it, or the end of a task. */
export type FromWorker =
  | { readonly kind: 'begin'; readonly number: number; readonly uri: string }
  | { readonly kind: 'item'; readonly number: number; readonly item: Item }
  | { readonly kind: 'done'; readonly number: number }

export interface WorkerData {
  readonly settings: ConvertSettings
  /** Items that it may send before it waits for leave. */
  readonly credit: number
}

const port = parentPort!
const data = workerData as WorkerData
const converter = createConverter(data.settings)
let credit = data.credit
let wake: (() => void) | null = null
let queue = Promise.resolve()

port.on('message', (message: ToWorker) => {
  if (message.kind === 'credit') {
    credit++
    wake?.()
  } else queue = queue.then(() => convertTask(message.number, message.task, message.from))
})

async function convertTask(number: number, task: Task, from: number): Promise<void> {
  const send = (message: FromWorker) => port.postMessage(message)
  const begin = (uri: string) => send({ kind: 'begin', number, uri })
  for await (const item of (await converter).convertFile(task, from, begin)) {
    send({ kind: 'item', number, item })
    credit--
    while (credit <= 0)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
  send({ kind: 'done', number })
}
