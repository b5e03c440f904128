import { Parser, Token, Tokenizer, TokenizerMode, type DefaultTreeAdapterTypes as Tree, html as tagNames } from 'parse5'

const { CHARACTER, COMMENT, END_TAG, START_TAG, WHITESPACE_CHARACTER } = Token.TokenType
const { DATA, RAWTEXT, SCRIPT_DATA } = TokenizerMode

/**
 * The tree that browsers build (HTML Standard, 13.2), but for elements inside `<select>`, which they keep since 2025: that
 * of parse5, at half its cost where the markup is plain.
 */
export function parse(html: string): Tree.Document {
  const parser = new Parser<Tree.DefaultTreeAdapterMap>()
  const text = html.includes('\r') ? html.replace(/\r\n?/g, '\n') : html
  if (!text.includes('\0')) {
    parser.tokenizer = new PlainMarkupTokenizer(parser.options, parser)
    parser.tokenizer.preprocessor.bufferWaterline = Number.POSITIVE_INFINITY
  }
  parser.tokenizer.write(text, true)
  return parser.document
}

const LESS_THAN = 0x3c
const GREATER_THAN = 0x3e
const AMPERSAND = 0x26
const SLASH = 0x2f
const EQUALS = 0x3d
const QUOTE = 0x22
const APOSTROPHE = 0x27
const EXCLAMATION = 0x21

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0c
const isLetter = (code: number) => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a

/** parse5 compares the names of a tag's attributes one by one up to this many, and so does the short way. */
const MOST_ATTRIBUTES = 64

/**
 * parse5's tokenizer with a short way through plain markup: text without references, well-formed tags, comments, the
 * insides of scripts and styles. These are read a piece at a time, where parse5 changes its state with every character.
 * Where something is not plain, nothing of the piece is handed on, and parse5 reads it from its first character.
 *
 * Expects all input in one `write`, without carriage returns and NUL.
 */
class PlainMarkupTokenizer extends Tokenizer {
  protected override _runParsingLoop(): void {
    const { preprocessor } = this
    while (this.active) {
      const at = preprocessor.pos + 1
      const end = this.readPlain(preprocessor.html, at)
      if (end === at) this._callState(preprocessor.advance())
      else preprocessor.pos = end - 1
    }
  }

  /** Hands on what is plain from `at` on. This and the readers below give where the plain markup ends. */
  private readPlain(html: string, at: number): number {
    if (this.state === SCRIPT_DATA || this.state === RAWTEXT) return this.readRaw(html, at)
    let end = at
    while (this.state === DATA) {
      const start = end
      end = html.charCodeAt(start) === LESS_THAN ? this.readMarkup(html, start) : this.readText(html, start)
      if (end === start) break
    }
    return end
  }

  /** What stands in a `<script>` or `<style>` up to the next `<`. */
  private readRaw(html: string, at: number): number {
    const found = html.indexOf('<', at)
    const end = found === -1 ? html.length : found
    if (end > at) this.handOnText(CHARACTER, html.slice(at, end))
    return end
  }

  /** `部门动态 要闻`, up to the next tag or reference. White space and other characters are tokens of their own. */
  private readText(html: string, at: number): number {
    let start = at
    let code = html.charCodeAt(start)
    while (isSpace(code)) code = html.charCodeAt(++start)
    if (start > at) this.handOnText(WHITESPACE_CHARACTER, html.slice(at, start))
    let end = start
    while (code !== LESS_THAN && code !== AMPERSAND && !isSpace(code) && end < html.length)
      code = html.charCodeAt(++end)
    if (end > start) this.handOnText(CHARACTER, html.slice(start, end))
    return end
  }

  private handOnText(type: Token.CharacterToken['type'], chars: string): void {
    if (this.currentCharacterToken !== null) this._emitCurrentCharacterToken(null)
    const token: Token.CharacterToken = { type, chars, location: null }
    if (type === CHARACTER) this.handler.onCharacter(token)
    else this.handler.onWhitespaceCharacter(token)
  }

  private readMarkup(html: string, at: number): number {
    const code = html.charCodeAt(at + 1)
    if (isLetter(code)) return this.readStartTag(html, at)
    if (code === SLASH) return this.readEndTag(html, at)
    return code === EXCLAMATION ? this.readComment(html, at) : at
  }

  /** `<a href="/zwgk/" target=_blank>` `<br/>` */
  private readStartTag(html: string, at: number): number {
    let end = nameEnd(html, at + 1)
    const tagName = readName(html, at + 1, end)
    const attrs: Token.Attribute[] = []
    let code = html.charCodeAt(end)
    while (code !== GREATER_THAN && code !== SLASH) {
      if (!isSpace(code)) return at
      end = skipSpace(html, end)
      const start = end
      end = nameEnd(html, start)
      code = html.charCodeAt(end)
      if (end === start) {
        if (code !== GREATER_THAN && code !== SLASH) return at
        break
      }
      if (attrs.length === MOST_ATTRIBUTES) return at
      const name = readName(html, start, end)
      const sign = isSpace(code) ? skipSpace(html, end) : end
      let value = ''
      if (html.charCodeAt(sign) === EQUALS) {
        const from = skipSpace(html, sign + 1)
        const quote = html.charCodeAt(from)
        const isQuoted = quote === QUOTE || quote === APOSTROPHE
        const to = isQuoted ? quotedEnd(html, from + 1, quote) : unquotedEnd(html, from)
        if (to === -1) return at
        value = html.slice(isQuoted ? from + 1 : from, to)
        end = isQuoted ? to + 1 : to
        code = html.charCodeAt(end)
      }
      if (!hasName(attrs, name)) attrs.push({ name, value })
    }
    const selfClosing = code === SLASH
    if (selfClosing && html.charCodeAt(++end) !== GREATER_THAN) return at
    this.handOnTag(START_TAG, tagName, attrs, selfClosing)
    return end + 1
  }

  /** `</li>` */
  private readEndTag(html: string, at: number): number {
    const end = nameEnd(html, at + 2)
    if (!isLetter(html.charCodeAt(at + 2)) || html.charCodeAt(end) !== GREATER_THAN) return at
    this.handOnTag(END_TAG, readName(html, at + 2, end), [], false)
    return end + 1
  }

  private handOnTag(
    type: Token.TagToken['type'],
    tagName: string,
    attrs: Token.Attribute[],
    selfClosing: boolean,
  ): void {
    if (this.currentCharacterToken !== null) this._emitCurrentCharacterToken(null)
    const tagID = tagNames.getTagID(tagName)
    const token: Token.TagToken = { type, tagName, tagID, selfClosing, ackSelfClosing: false, attrs, location: null }
    if (type === END_TAG) this.handler.onEndTag(token)
    else {
      this.lastStartTagName = tagName
      this.handler.onStartTag(token)
    }
  }

  /** `<!-- 导航 -->` */
  private readComment(html: string, at: number): number {
    const start = at + 4
    if (!html.startsWith('--', at + 2) || html[start] === '>' || html.startsWith('->', start)) return at
    let end = html.indexOf('--', start)
    while (end !== -1 && html[end + 2] !== '>' && !html.startsWith('!>', end + 2)) end = html.indexOf('--', end + 1)
    if (end === -1 || html[end + 2] === '!') return at
    if (this.currentCharacterToken !== null) this._emitCurrentCharacterToken(null)
    this.handler.onComment({ type: COMMENT, data: html.slice(start, end), location: null })
    return end + 3
  }
}

/** 1 for `a-z A-Z 0-9 - _ :`, of which the names of plain tags and attributes are made. */
const IN_NAME = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w:-]/.test(String.fromCharCode(code))))

function nameEnd(html: string, at: number): number {
  let end = at
  for (let code = html.charCodeAt(end); code < 128 && IN_NAME[code] === 1; ) code = html.charCodeAt(++end)
  return end
}

function skipSpace(html: string, at: number): number {
  let end = at
  while (isSpace(html.charCodeAt(end))) end++
  return end
}

/** Places for names by their hash; a power of 2. */
const PLACES = 1024
/** Names read before, each as the one string that V8 keeps for it: comparing and looking up these costs next to nothing. */
const NAMES = new Array<string>(PLACES).fill('')
/** A longer piece would keep the whole page alive. */
const LONGEST_KEPT = 12

/** A name in lower case. */
function readName(html: string, start: number, end: number): string {
  let hash = 0
  let hasCapital = false
  for (let i = start; i < end; i++) {
    const code = html.charCodeAt(i)
    hash = (Math.imul(hash, 31) + code) & (PLACES - 1)
    if (code >= 0x41 && code <= 0x5a) hasCapital = true
  }
  if (hasCapital) return html.slice(start, end).toLowerCase()
  if (end - start > LONGEST_KEPT) return html.slice(start, end)
  let name = NAMES[hash]!
  if (name.length !== end - start || !html.startsWith(name, start)) {
    name = Object.keys({ [html.slice(start, end)]: 0 })[0]!
    NAMES[hash] = name
  }
  return name
}

function hasName(attrs: readonly Token.Attribute[], name: string): boolean {
  for (const attr of attrs) if (attr.name === name) return true
  return false
}

/** The end of a quoted value; -1 where it has a reference or no end. */
function quotedEnd(html: string, start: number, quote: number): number {
  let end = start
  for (let code = html.charCodeAt(end); code !== quote; code = html.charCodeAt(++end))
    if (code === AMPERSAND || end >= html.length) return -1
  return end
}

/** The end of a value without quotes; -1 where it is empty, has a reference or no end. */
function unquotedEnd(html: string, start: number): number {
  let end = start
  for (let code = html.charCodeAt(end); !isSpace(code) && code !== GREATER_THAN; code = html.charCodeAt(++end))
    if (code === AMPERSAND || end >= html.length) return -1
  return end > start ? end : -1
}
