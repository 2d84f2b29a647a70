import type { Dialect } from 'kysely'
import type { TextType } from './migrations.ts'

/** The handful of things that differ between the two databases. */
export interface Engine {
  readonly dialect: Dialect
  readonly text: TextType
}
