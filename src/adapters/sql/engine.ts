import type { Dialect, RawBuilder } from 'kysely'
import type { TextType } from './text-type.ts'

/** The handful of things that differ between the two databases. */
export interface Engine {
  readonly dialect: Dialect
  readonly text: TextType
  /** The columns `name` and `value` of a group of rows as one JSON object, in text; null when there are none. */
  readonly jsonObject: RawBuilder<string | null>
}
