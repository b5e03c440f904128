import { setTimeout as sleep } from 'node:timers/promises'

/** One request at a time to a host, with pauses between. */
export class Gates {
  private readonly tails = new Map<string, Promise<unknown>>()
  private readonly ends = new Map<string, number>()

  /** Runs work when the host is free; work holds the host until it is done. */
  enter<T>(host: string, work: () => Promise<T>): Promise<T> {
    const before = this.tails.get(host) ?? Promise.resolve()
    const mine = before.then(work)
    this.tails.set(
      host,
      mine.catch(() => {}),
    )
    return mine
  }

  /** Waits until `pause` milliseconds, and up to half as many more, have gone since the host's last answer. */
  async pause(host: string, pause: number, signal: AbortSignal): Promise<void> {
    const end = this.ends.get(host)
    if (end === undefined) return
    const rest = end + pause * (1 + Math.random() / 2) - performance.now()
    if (rest > 0) await sleep(rest, undefined, { signal })
  }

  /** The host has answered, or failed to. */
  answered(host: string): void {
    this.ends.set(host, performance.now())
  }
}
