import { SALUTATION_END, TABLE_LABEL } from '../text/cues.ts'
import { fold } from '../text/fold.ts'
import { type Element, isElement, type Parent, parentElement, textOf } from './dom.ts'

/** A cell that holds more than this is a column of a page, not of a table. */
const LONGEST_CELL = 300

/**
 * The rows of the data tables of a body: at least two rows and two columns, no table inside, cells that are short and
 * are neither a label of the page or the letter nor part of the letter itself.
 */
export function findDataTables(body: Element | null): ReadonlySet<Element> {
  const tables: Element[] = []
  const layout = new Set<Element>()
  const open: Parent[] = body ? [body] : []
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const child of node.childNodes) {
      if (!isElement(child)) continue
      open.push(child)
      if (child.tagName !== 'table') continue
      tables.push(child)
      for (let outer = parentElement(child); outer !== null && !layout.has(outer); outer = parentElement(outer))
        layout.add(outer)
    }
  const rows = new Set<Element>()
  for (const table of tables) if (!layout.has(table)) for (const row of dataRows(table)) rows.add(row)
  return rows
}

function dataRows(table: Element): Element[] {
  const rows = below(table, new Set(['tr']))
  const filled = rows.map((row) =>
    below(row, new Set(['td', 'th'])).map((cell) => ({ cell, text: fold(textOf(cell)).trim() })),
  )
  const wide = filled.filter((cells) => cells.filter(({ text }) => text !== '').length >= 2)
  if (wide.length < 2) return []
  for (const { cell, text } of filled.flat())
    if (text.length > LONGEST_CELL || TABLE_LABEL.test(text.replace(/\s+/g, '')) || SALUTATION_END.test(text)) return []
    else if (below(cell, new Set(['a'])).length > 3) return []
  return rows
}

/** The outermost elements of the given names under an element. */
function below(root: Element, names: ReadonlySet<string>): Element[] {
  const found: Element[] = []
  const open: Element[] = [root]
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    if (element !== root && names.has(element.tagName)) found.push(element)
    else
      for (let i = element.childNodes.length - 1; i >= 0; i--) {
        const child = element.childNodes[i]!
        if (isElement(child)) open.push(child)
      }
  }
  return found
}
