import type { ColumnDataType, Expression } from 'kysely'

/** How an engine spells text that compares by code point, so that keyset pages and prefix searches agree on both. */
export type TextType = ColumnDataType | Expression<unknown>
