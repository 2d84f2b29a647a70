import type { Json } from './by-name.ts'
import type { Served } from './fixtures.ts'

/** A kind of resource, as a program sees it that describes what it wants: the smallest and the largest of it. */
export interface Kind {
  /** The operations; `create` is `update` where a thing is only ever set, and one without `remove` stays. */
  readonly create: string
  readonly read: string
  readonly update: string
  readonly remove?: string
  /** What it is a thing of, as every operation is told. */
  readonly around?: (server: Served) => Promise<Json>
  /** Which one it is, as the other operations are told: from the answer to its creation. */
  readonly key?: (created: Json) => Json
  /** The thing in an answer; undefined in one that shows no more than a part of it. */
  readonly thing: (answer: Json) => Json | undefined
  /** Members of it that name it or say when: not settings. */
  readonly names: readonly string[]
  /** What can be said at its creation only, of the largest, and how that is shown. */
  readonly fixed?: Json
  readonly fixedShown?: Json
  readonly smallest: Json
  readonly largest: Json
  /** What is shown of the smallest besides what was sent, and of the largest instead of it. */
  readonly defaults: Json
  readonly instead?: Json
  /** What is shown, as it can be sent: unless all of it can. */
  readonly sendable?: (settings: Json) => Json
  /** What the largest must be told besides to become the smallest, and what it keeps of itself all the same. */
  readonly besides?: Json
  readonly afterwards?: Json
  /** What the operations say of one that is gone. */
  readonly gone?: { readonly name: string; readonly message: RegExp }
}

/** A member of an answer. */
export const member =
  (name: string) =>
  (answer: Json): Json | undefined =>
    answer[name] as Json | undefined
