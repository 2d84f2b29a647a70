import { Fault } from './faults.ts'
import type { SchemaAttribute } from './schema.ts'

/**
 * The dialect of an import file (developer guide, "Formatting the CSV file"): no quotation marks, a backslash before a
 * comma that belongs to a value, one row a line, white space around a value means nothing.
 */

/** "The maximum row length is 16,000 characters." */
export const longestRow = 16_000

export interface Row {
  /** The header is line 1. */
  readonly line: number
  /** Absent when the row is longer than a row may be. */
  readonly text?: string
}

/** Splits a file into rows as its text comes, and never keeps more of it than one row may have. Empty lines are no rows. */
export class RowReader {
  #line = 1
  #begun = ''
  #tooLong = false

  push(text: string): Row[] {
    const rows: Row[] = []
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#keep(text.slice(from, end))
      rows.push(...this.end())
      from = end + 1
    }
    this.#keep(text.slice(from))
    return rows
  }

  /** The row that is under way, at the end of the file: it needs no line break. */
  end(): Row[] {
    const line = this.#line
    const text = this.#begun.endsWith('\r') ? this.#begun.slice(0, -1) : this.#begun
    const tooLong = this.#tooLong || text.length > longestRow
    this.#line += 1
    this.#begun = ''
    this.#tooLong = false
    if (tooLong) return [{ line }]
    return text.trim() === '' ? [] : [{ line, text }]
  }

  #keep(part: string): void {
    if (this.#tooLong) return
    // One more for a carriage return that ends the row and is none of it.
    this.#tooLong = this.#begun.length + part.length > longestRow + 1
    this.#begun = this.#tooLong ? '' : this.#begun + part
  }
}

/** The values of a row. A backslash that stands before anything but a comma is a backslash. */
export const valuesIn = (row: string): string[] =>
  row.split(/(?<!\\),/).map((value) => value.replaceAll('\\,', ',').trim())

/** Columns that are no attributes. */
export const usernameColumn = 'cognito:username'
export const mfaColumn = 'cognito:mfa_enabled'
export const hashColumn = 'password_hash'

/** Attributes that no file sets. */
const unwritten: ReadonlySet<string> = new Set(['sub', 'identities'])

/** The columns of a pool's file, in the order of the API reference's example; the template of 2026 has a last one. */
export const columnsOf = (schema: readonly SchemaAttribute[]): string[] => [
  ...schema.map(({ Name }) => Name).filter((name) => !unwritten.has(name)),
  mfaColumn,
  usernameColumn,
  hashColumn,
]

/** A row by the names of its columns. */
export type Cells = ReadonlyMap<string, string>

/**
 * The columns that a header names. "The order of columns doesn't matter" and "all columns in the header must be
 * present"; that of hashes only where the job says what made them. The texts are ours.
 * @throws Fault InvalidParameter
 */
export function headerIn(row: Row | undefined, columns: readonly string[], hashes: boolean): string[] {
  if (row?.text === undefined) refuse('The CSV file has no header.')
  const names = valuesIn(row.text)
  if (hashes && !names.includes(hashColumn)) refuse(`The CSV file has no ${hashColumn} column.`)
  const missing = columns.find((name) => name !== hashColumn && !names.includes(name))
  if (missing !== undefined) refuse(`The header of the CSV file lacks the column ${missing}.`)
  // What stands there may be anything, and somebody's address: the first row of a file without a header.
  if (names.some((name) => !columns.includes(name)))
    refuse('The header of the CSV file has an unknown column.')
  if (new Set(names).size < names.length) refuse('The header of the CSV file names a column twice.')
  return names
}

/** @throws Fault InvalidParameter */
export function cellsIn({ text }: Row, header: readonly string[]): Cells {
  if (text === undefined) refuse(`The row is longer than ${longestRow} characters.`)
  const values = valuesIn(text)
  if (values.length !== header.length)
    refuse(`The row has ${values.length} values and the header ${header.length} columns.`)
  return new Map(header.map((name, index) => [name, values[index] ?? '']))
}

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}
