import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

export interface LogEntry {
  /** The address asked, as 127.0.0.1: what the socket says, whatever the Host header does. */
  readonly host: string
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Milliseconds of performance.now() of the portal's process. */
  readonly startedAt: number
  /** When the answer was handed over or the connection went; null while open. */
  readonly endedAt: number | null
  /** Null while open, and when the connection went before an answer. */
  readonly status: number | null
  /** How many requests were in progress at that host when this one began, this one too. */
  readonly open: number
}

export interface PortalReply {
  /** The address of the column's first page. */
  readonly column: string
  readonly url: string
  readonly title: string
  /** Of publication, YYYY-MM-DD. */
  readonly date: string
  /** The case number, four digits. */
  readonly number: string
}

export interface RobotsAnswer {
  readonly status?: number
  readonly body?: string
  /** Its content type. */
  readonly type?: string
  readonly delayMs?: number
}

/** Answers a request; one that gives false (or a promise of it) leaves the answer to the portal. */
export type PortalHandler = (request: IncomingMessage, response: ServerResponse, entry: LogEntry) => unknown

export interface Portal {
  readonly port: number
  /** http://127.0.0.1:PORT */
  readonly base: string
  /** http://127.0.0.2:PORT; the same as base when there is one host only. */
  readonly sister: string
  /** All requests since the start or the last clearLog(), in the order of their beginning. */
  readonly log: readonly LogEntry[]
  /** A server at another port of 127.0.0.1 that nobody must ask; hits counts connections. */
  readonly canary: { readonly port: number; readonly hits: number }
  /** The addresses of the columns' first pages. */
  readonly columns: Readonly<Record<'siteserver' | 'trs' | 'inline' | 'hanweb' | 'generic', string>>
  /** What a complete crawl of each column must find, newest first. */
  readonly replies: readonly PortalReply[]
  clearLog(): void
  /** Overrides a path (with its query, or without for all queries) on all hosts, null to end it; /bad/… and robots too. */
  answer(path: string, handler: PortalHandler | null): void
  /** What /robots.txt is on all hosts from now on. */
  robots(answer: string | RobotsAnswer): void
  /** Cuts all connections. */
  stop(): Promise<void>
}

export interface PortalOptions {
  /** Loopback addresses, all served at one port. */
  readonly hosts?: readonly string[]
  /** Of each column; its lists have four pages, or more with more than 80. */
  readonly replies?: number
  /** Told of each request when it ends. */
  readonly onEnd?: (entry: LogEntry) => void
}

export function startPortal(options?: PortalOptions): Promise<Portal>

/** The reply that the pages under /bad/ hold. */
export const BAD_LETTER: { readonly title: string; readonly number: string; readonly published: string }
