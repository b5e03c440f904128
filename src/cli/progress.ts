import type { Item } from '../batch/item.ts'
import type { Io } from './io.ts'
import type { Messages } from './messages.ts'

export interface Progress {
  readonly onItem: (item: Item) => void
  readonly stop: () => void
}

/** Messages take the place of the bar, which comes again below them (ECMA-48 EL). */
export const CLEAR_LINE = '\r\x1b[K'

/** Without a terminal, a line so often. */
const LINE_EVERY_MS = 30_000

/**
 * A bar on a terminal, a plain line now and then elsewhere, nothing when quiet. `total`: counts the inputs; null where
 * nobody knows how many will come. */
export async function createProgress(
  io: Io,
  messages: Messages,
  quiet: boolean,
  total: (() => number) | null,
): Promise<Progress> {
  let done = 0
  let failed = 0
  const start = io.now().getTime()
  const count = (item: Item) => {
    if (item.kind !== 'skipped') done++
    if (item.kind === 'failed') failed++
  }
  const rate = () => (done / Math.max((io.now().getTime() - start) / 1000, 0.001)).toFixed(0)
  if (quiet) return { onItem: () => {}, stop: () => {} }
  if (io.stderrIsTerminal) {
    const { SingleBar, Presets } = (await import('cli-progress')).default
    const bar = new SingleBar(
      {
        format: `${total === null ? '{value} done' : '{bar} {value} of {total}'} · {rate} pages/s · {failed} failed${total === null ? '' : ' · {eta_formatted} left'}`,
        stream: process.stderr,
        hideCursor: true,
        linewrap: true,
        clearOnComplete: true,
        stopOnComplete: false,
        etaBuffer: 200,
        fps: 8,
      },
      Presets.shades_classic,
    )
    bar.start(total?.() ?? 0, 0, { rate: '0', failed: 0 })
    return {
      onItem: (item) => {
        count(item)
        if (done > bar.getTotal()) bar.setTotal(done)
        bar.update(done, { rate: rate(), failed })
      },
      stop: () => {
        // The library goes back to where the cursor was saved: by its start, far above the messages (DECSC).
        io.stderr('\x1b7')
        bar.stop()
      },
    }
  }
  let last = start
  return {
    onItem: (item) => {
      count(item)
      const now = io.now().getTime()
      if (now - last < LINE_EVERY_MS) return
      last = now
      messages.note(`${done} done · ${rate()} pages/s · ${failed} failed`)
    },
    stop: () => {},
  }
}
