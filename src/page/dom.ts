import { compile, type Options } from 'css-select'
import type { DefaultTreeAdapterTypes as Tree } from 'parse5'

export type Node = Tree.ChildNode
export type Element = Tree.Element
export type Parent = Tree.ParentNode

export const isElement = (node: Tree.Node): node is Element => 'tagName' in node
export const isText = (node: Tree.Node): node is Tree.TextNode => node.nodeName === '#text'
export const isComment = (node: Tree.Node): node is Tree.CommentNode => node.nodeName === '#comment'

/** The value of an attribute; null when the element has none of that name. */
export function attribute(element: Element, name: string): string | null {
  for (const { name: candidate, value } of element.attrs) if (candidate === name) return value
  return null
}

/** The element that an element stands in; null for the outermost. */
export function parentElement(element: Element): Element | null {
  const parent = element.parentNode
  return parent !== null && isElement(parent) ? parent : null
}

export interface Head {
  /** The first `<title>`, its white space folded; null when there is none. */
  readonly title: string | null
  readonly meta: readonly { readonly name: string; readonly content: string }[]
  /** href of `<link rel=canonical>`. */
  readonly canonical: string | null
  /** href of `<base>`. */
  readonly base: string | null
  readonly body: Element | null
}

/** The head of a document: of several titles, as nested documents leave them, the first. */
export function readHead(document: Tree.Document): Head {
  const html = document.childNodes.find((node): node is Element => isElement(node) && node.tagName === 'html')
  const children = (html?.childNodes ?? []).filter(isElement)
  const head = children.find((element) => element.tagName === 'head')
  const body = children.find((element) => element.tagName === 'body') ?? null
  const meta: { name: string; content: string }[] = []
  let title: string | null = null
  let canonical: string | null = null
  let base: string | null = null
  for (const element of (head?.childNodes ?? []).filter(isElement)) {
    if (element.tagName === 'title') title ??= textOf(element).replace(/\s+/g, ' ').trim() || null
    else if (element.tagName === 'meta') {
      const name = attribute(element, 'name')
      if (name !== null) meta.push({ name, content: attribute(element, 'content') ?? '' })
    } else if (element.tagName === 'base') base ??= attribute(element, 'href')
    else if (element.tagName === 'link' && attribute(element, 'rel')?.toLowerCase() === 'canonical')
      canonical ??= attribute(element, 'href')
  }
  return { title, meta, canonical, base, body }
}

/** All text under a node, nothing between. */
export function textOf(root: Tree.Node): string {
  let text = ''
  const open: Tree.Node[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isText(node)) text += node.value
    else if ('childNodes' in node) for (let i = node.childNodes.length - 1; i >= 0; i--) open.push(node.childNodes[i]!)
  }
  return text
}

const options: Options<Tree.Node, Element> = {
  adapter: {
    isTag: isElement,
    getName: (element) => element.tagName,
    getAttributeValue: (element, name) => attribute(element, name) ?? undefined,
    hasAttrib: (element, name) => attribute(element, name) !== null,
    getChildren: (node) => ('childNodes' in node ? node.childNodes : []),
    getParent: (node) => ('parentNode' in node ? (node.parentNode as Tree.Node | null) : null),
    getSiblings: (node) => ('parentNode' in node && node.parentNode ? node.parentNode.childNodes : [node]),
    getText: textOf,
    removeSubsets: (nodes) => nodes,
  },
}

export interface Selector {
  readonly source: string
  readonly matches: (element: Element) => boolean
  /** The id or class that an element must have, `#zoom` or `.TRS_Editor`; null where that is not all. */
  readonly name: string | null
}

/** Compiles a CSS selector into a test of one element. */
export function selector(source: string): Selector {
  const name = source.includes(',') ? null : /([#.][\w-]+)[^\s>+~]*$/.exec(source)?.[1]
  return { source, matches: compile<Tree.Node, Element>(source, options), name: name ?? null }
}

/** Gives the elements that a selector matches, in document order. */
export type Finder = (selector: Selector) => readonly Element[]

/** A finder among elements; most selectors are asked of the few that bear the id or class that they name. */
export function createFinder(elements: readonly Element[]): Finder {
  let index: NameIndex | null = null
  return ({ name, matches }) => {
    if (name === null) return elements.filter(matches)
    index ??= indexByName(elements)
    return (index[name.startsWith('#') ? 'ids' : 'classes'].get(name.slice(1)) ?? []).filter(matches)
  }
}

interface NameIndex {
  readonly ids: ReadonlyMap<string, readonly Element[]>
  readonly classes: ReadonlyMap<string, readonly Element[]>
}

function indexByName(elements: readonly Element[]): NameIndex {
  const ids = new Map<string, Element[]>()
  const classes = new Map<string, Element[]>()
  for (const element of elements)
    for (const { name, value } of element.attrs)
      if (name === 'id') addTo(ids, value, element)
      else if (name === 'class') for (const token of tokensOf(value)) addTo(classes, token, element)
  return { ids, classes }
}

const SPACE = /[ \t\n\f\r]+/
/** Most elements have one class. */
const tokensOf = (value: string) => (SPACE.test(value) ? value.split(SPACE) : [value])

function addTo(index: Map<string, Element[]>, name: string, element: Element): void {
  const found = index.get(name)
  if (found === undefined) index.set(name, [element])
  else if (found.at(-1) !== element) found.push(element)
}
