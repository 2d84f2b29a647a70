import type { Json, JsonObject } from '../lib/json.ts'
import { defaultSettings } from './branding-defaults.ts'
import { Fault } from './faults.ts'

/** What a style says otherwise than the default. */
export type Settings = JsonObject

interface Finding {
  readonly property: string
  readonly errorType: 'UnknownProperty' | 'InvalidType' | 'InvalidValue'
}

/** More are not named in one refusal. */
const mostFindings = 50

/**
 * Settings are held against the default document: it says which properties there are and of which kind. What it leaves
 * empty is open. So what passes is a number, a truth value, a colour or a word, and nothing that a page must fear, but
 * for what is below `idpButton.custom` and in `federation.order`.
 *
 * Captured of the service: the text, and `UnknownProperty`. The other two are ours.
 * @throws Fault InvalidParameter
 */
export function checkSettings(given: unknown): Settings {
  const found = findings(defaultSettings, given, '$')
  if (found.length === 0) return given as Settings
  const listed = found
    .slice(0, mostFindings)
    .map(({ property, errorType }) => `{property: ${property}, errorType: ${errorType}}`)
  throw new Fault('InvalidParameter', `Invalid settings provided. Validation errors: [${listed.join(', ')}]`)
}

function findings(model: Json, given: unknown, property: string): Finding[] {
  if (isList(model)) {
    if (!Array.isArray(given)) return [{ property, errorType: 'InvalidType' }]
    const [item] = model
    if (item === undefined) return []
    return given.flatMap((one, index) => findings(item, one, `${property}[${index}]`))
  }
  if (isObject(model)) {
    if (!isObject(given)) return [{ property, errorType: 'InvalidType' }]
    if (Object.keys(model).length === 0) return []
    return Object.entries(given).flatMap(([name, inner]) => {
      const known = Object.hasOwn(model, name) ? model[name] : undefined
      const path = `${property}.${name}`
      return known === undefined
        ? [{ property: path, errorType: 'UnknownProperty' as const }]
        : findings(known, inner, path)
    })
  }
  if (typeof given !== typeof model) return [{ property, errorType: 'InvalidType' }]
  if (typeof given !== 'string') return []
  const pattern = colour.test(String(model)) ? colourOrOpaque : word
  return pattern.test(given) ? [] : [{ property, errorType: 'InvalidValue' }]
}

/** `rrggbbaa`. Six digits are taken too, and the pages of the service ignore them. */
const colour = /^[0-9a-f]{8}$/i
const colourOrOpaque = /^[0-9a-f]{6}(?:[0-9a-f]{2})?$/i
/** AWS lists the values of no setting, so any word will do. */
const word = /^[A-Za-z][\w-]{0,63}$/

/** What `over` says, and where it says nothing what `base` says. A list is replaced as a whole. */
export function mergeSettings(base: Settings, over: Settings): Settings {
  const names = new Set([...Object.keys(base), ...Object.keys(over)])
  // fromEntries defines own properties, so a key named __proto__ is a key like any other.
  return Object.fromEntries([...names].map((name) => [name, merged(own(base, name), own(over, name))]))
}

function merged(base: Json | undefined, over: Json | undefined): Json {
  if (base !== undefined && over !== undefined && isObject(base) && isObject(over)) {
    return mergeSettings(base, over)
  }
  return over === undefined ? (base ?? null) : over
}

const own = (settings: Settings, name: string): Json | undefined =>
  Object.hasOwn(settings, name) ? settings[name] : undefined

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
const isObject = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
