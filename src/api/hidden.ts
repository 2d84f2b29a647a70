import { hidden } from '../domain/trail-event.ts'
import type { Json } from '../lib/json.ts'
import { type AnyShape, shapeOf } from '../protocol/shape.ts'

/**
 * What the trail shows of a request or an answer. The declared shape says what is there, and what must not be seen: what
 * AWS's model calls sensitive, and these members that hold people's data, codes, keys and secrets although the model does
 * not say so.
 */
const hiddenMembers: ReadonlySet<string> = new Set([
  // of people
  'AnalyticsMetadata',
  'ClientMetadata',
  'ContextData',
  'Destination',
  'DeviceName',
  'Filter',
  'FriendlyDeviceName',
  'ProviderAttributeValue',
  // what somebody who has it can use
  'ChallengeParameters',
  'Code',
  'ConfirmationCode',
  'DeviceSecretVerifierConfig',
  'ExternalId',
  'PreSignedUrl',
  'ProviderDetails',
  // where a page begins: at somebody's name
  'NextToken',
  'PaginationToken',
])

/** Sensitive to the model, and shown in AWS's records. */
const shownMembers: ReadonlySet<string> = new Set(['ClientId'])

export type Show = (json: unknown) => Json

const known = new WeakMap<AnyShape, Show>()

/** How values of a shape are shown; each shape is looked through once. Members begin in lower case, as in AWS's records. */
export function showing(shape: AnyShape): Show {
  const before = known.get(shape)
  if (before !== undefined) return before
  const show = make(shape)
  known.set(shape, show)
  return show
}

const hide: Show = () => hidden

function make(shape: AnyShape): Show {
  const { key, member, members = {} } = shape.facts
  switch (shape.kind) {
    case 'struct': {
      const fields = Object.entries(members).map(([name, member]) => ({
        name,
        shown: name.slice(0, 1).toLowerCase() + name.slice(1),
        show: isHidden(name, shapeOf(member)) ? hide : showing(shapeOf(member)),
      }))
      return (json) => (isObject(json) ? showStruct(fields, json) : hidden)
    }
    // AWS's records hide a list of attributes or a map of parameters whole, with the names in it.
    case 'list': {
      if (member === undefined || holdsHidden(member)) return hide
      const show = showing(member)
      return (json) => (Array.isArray(json) ? json.map(show) : hidden)
    }
    case 'map': {
      if (key === undefined || member === undefined || holdsHidden(key) || holdsHidden(member)) return hide
      const show = showing(member)
      return (json) =>
        isObject(json)
          ? Object.fromEntries(Object.entries(json).map(([name, item]) => [name, show(item)]))
          : hidden
    }
    // Files, keys, and whatever else nobody has declared.
    case 'blob':
    case 'document':
      return hide
    default:
      return (json) => (isScalar(json) ? json : hidden)
  }
}

interface Field {
  readonly name: string
  readonly shown: string
  readonly show: Show
}

function showStruct(fields: readonly Field[], json: Readonly<Record<string, unknown>>): Json {
  const result: Record<string, Json> = {}
  for (const { name, shown, show } of fields) {
    const item = Object.hasOwn(json, name) ? json[name] : undefined
    if (item !== undefined && item !== null) result[shown] = show(item)
  }
  return result
}

export const isHidden = (name: string, shape: AnyShape): boolean =>
  hiddenMembers.has(name) || (shape.sensitive && !shownMembers.has(name))

function holdsHidden(shape: AnyShape): boolean {
  if (shape.sensitive) return true
  const { key, member, members = {} } = shape.facts
  return (
    Object.entries(members).some(
      ([name, one]) => isHidden(name, shapeOf(one)) || holdsHidden(shapeOf(one)),
    ) || [key, member].some((one) => one !== undefined && holdsHidden(one))
  )
}

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

/** Of the wrong type, a value is shown as it came, unless something could be inside it. */
const isScalar = (json: unknown): json is null | boolean | number | string =>
  json === null || typeof json !== 'object'
