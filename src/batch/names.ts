import { sha256Of } from './manifest.ts'

/** Longest name of a file in bytes; 255 is the limit of common file systems, temporaries need some. */
const LONGEST = 200
const FORBIDDEN = /[\x00-\x1f\x7f"*/:<>?\\|]/g
/** Names that Windows keeps for devices. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

const shortHash = (text: string) => sha256Of(text).slice(0, 8)

/**
 * Gives every input a file name below the output folder: its own path, archive members as folders, safe on every file
 * system, Chinese kept. Two inputs never share a name.
 *
 * `a/b.html` → `a/b.html.json`, `../x.zip!c/d.html` → `x.zip/c/d.html.json`
 */
export class OutputNames {
  private readonly taken = new Map<string, string>()
  private readonly ending: string

  constructor(ending: string) {
    this.ending = ending
  }

  nameOf(uri: string): string {
    const steps = uri
      .replace(/^[a-z]+:\/\//i, '')
      .split(/[/\\!]/)
      .filter((step) => step !== '' && step !== '.' && step !== '..')
    const folders = steps.slice(0, -1).map((step) => safeStep(step, '', uri))
    const file = safeStep(steps.at(-1) ?? 'page', this.ending, uri)
    const name = [...folders, file].join('/')
    const key = name.normalize('NFC').toLowerCase()
    const owner = this.taken.get(key)
    if (owner === undefined || owner === uri) {
      this.taken.set(key, uri)
      return name
    }
    const other = [...folders, `${file.slice(0, -this.ending.length)}-${shortHash(uri)}${this.ending}`].join('/')
    this.taken.set(other.normalize('NFC').toLowerCase(), uri)
    return other
  }
}

function safeStep(step: string, ending: string, uri: string): string {
  let name = step
    .normalize('NFC')
    .replace(FORBIDDEN, '_')
    .replace(/[. ]+$/, (tail) => '_'.repeat(tail.length))
  if (RESERVED.test(name)) name = `_${name}`
  const room = LONGEST - ending.length
  if (Buffer.byteLength(name) > room) {
    let cut = ''
    for (const character of name) {
      if (Buffer.byteLength(cut) + Buffer.byteLength(character) > room - 9) break
      cut += character
    }
    name = `${cut}-${shortHash(`${uri}\0${step}`)}`
  }
  return name + ending
}
