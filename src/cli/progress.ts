import type { Item } from '../batch/item.ts'
import type { Io } from './io.ts'
import type { Messages } from './messages.ts'

export interface Progress {
  readonly onItem: (item: Item) => void
  readonly stop: () => void
}

/** Messages take the place of the bar, which comes again below them (ECMA-48 EL). */
export const CLEAR_LINE = '\r\x1b[K'

const SHOW_CURSOR = '\x1b[?25h'

/** Without a bar, a line so often. */
const LINE_EVERY_MS = 30_000

/** Whether a bar can be drawn: on a terminal that obeys the cursor, when no records are written there. */
export const canDrawBar = ({ stderrIsTerminal, stdoutIsTerminal, env }: Io, recordsToStdout: boolean) =>
  stderrIsTerminal && env.TERM !== 'dumb' && !(recordsToStdout && stdoutIsTerminal)

const LONGEST_BAR = 40
const SHORTEST_BAR = 8
const GAP = ' · '

/** What fits into a row of the terminal: all parts and a bar, or as many parts as there is room for. */
function drawBar(value: number, total: number, parts: readonly string[]): string {
  // The terminal's own ^C needs two columns.
  const room = (process.stderr.columns || 80) - 3
  let words = parts.join(GAP)
  for (let count = parts.length - 1; words.length > room && count > 0; count--) words = parts.slice(0, count).join(GAP)
  const size = Math.min(LONGEST_BAR, room - words.length - 1)
  if (size < SHORTEST_BAR) return words
  const full = Math.floor((size * value) / Math.max(total, 1))
  return `${'█'.repeat(full)}${'░'.repeat(size - full)} ${words}`
}

/**
 * A bar on a terminal, a plain line now and then elsewhere, nothing when quiet. `total`: counts the inputs; null where
 * nobody knows how many will come.
 */
export async function createProgress(
  io: Io,
  messages: Messages,
  quiet: boolean,
  hasBar: boolean,
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
  if (hasBar) {
    const { Format, SingleBar } = (await import('cli-progress')).default
    const bar = new SingleBar({
      format: (options, { value, total: all, eta }, { rate, failed }) => {
        const left = Format.TimeFormat(eta, options, 5)
        return total === null
          ? `${value} done · ${rate} pages/s · ${failed} failed`
          : drawBar(value, all, [`${value} of ${all}`, `${rate} pages/s`, `${failed} failed`, `${left} left`])
      },
      stream: process.stderr,
      hideCursor: true,
      linewrap: true,
      clearOnComplete: true,
      stopOnComplete: false,
      // A message may have taken the place of a bar that has not changed.
      forceRedraw: true,
      etaBuffer: 200,
      fps: 8,
    })
    const restore = () => io.stderr(`${CLEAR_LINE}${SHOW_CURSOR}`)
    process.once('exit', restore)
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
        process.removeListener('exit', restore)
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
