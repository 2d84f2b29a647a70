import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Json, JsonObject } from '../lib/json.ts'
import { defaultSettings } from './branding-defaults.ts'
import { checkSettings, mergeSettings } from './branding-settings.ts'
import { Fault } from './faults.ts'

const refusedFor =
  (...found: string[]) =>
  (error: unknown) => {
    assert.ok(error instanceof Fault)
    const listed = found.map((one) => `{${one}}`).join(', ')
    assert.deepEqual(
      [error.code, error.message],
      ['InvalidParameter', `Invalid settings provided. Validation errors: [${listed}]`],
    )
    return true
  }

describe('settings', () => {
  const accepted: [what: string, settings: Json][] = [
    ['nothing', {}],
    ['the whole default', defaultSettings],
    ['part of it', { components: {}, categories: { global: {} } }],
    ['a colour with alpha', { components: { pageBackground: { lightMode: { color: '0972D3fF' } } } }],
    ['a colour without', { components: { pageBackground: { lightMode: { color: '0972d3' } } } }],
    ['a word that nobody has heard of', { categories: { global: { colorSchemeMode: 'SEPIA' } } }],
    ['lists of another length', { components: { favicon: { enabledTypes: [] } } }],
    ['a provider', { components: { idpButton: { custom: { Okta: { a: [1, null, { b: '<' }] } } } } }],
    ['an order of providers', { categories: { auth: { federation: { order: ['Okta', 'Google'] } } } }],
  ]
  for (const [what, settings] of accepted) {
    test(`can say ${what}`, () => assert.equal(checkSettings(settings), settings))
  }

  const refused: [what: string, settings: unknown, ...found: string[]][] = [
    ['no object', 7, 'property: $, errorType: InvalidType'],
    ['a list', [], 'property: $, errorType: InvalidType'],
    ['nothing at all', null, 'property: $, errorType: InvalidType'],
    [
      'what the service was seen to refuse',
      {
        components: {
          form: { instructions: {} },
          pageBackground: { lightMode: { backgroundColor: 'ffffffff' } },
        },
        categories: { form: { backgroundColor: 'ffffffff', borderRadius: 8 } },
      },
      'property: $.components.form.instructions, errorType: UnknownProperty',
      'property: $.components.pageBackground.lightMode.backgroundColor, errorType: UnknownProperty',
      'property: $.categories.form.backgroundColor, errorType: UnknownProperty',
      'property: $.categories.form.borderRadius, errorType: UnknownProperty',
    ],
    ['a property at the top', { theme: {} }, 'property: $.theme, errorType: UnknownProperty'],
    [
      'properties that every object inherits',
      JSON.parse('{"__proto__": {"a": 1}, "constructor": {}}'),
      'property: $.__proto__, errorType: UnknownProperty',
      'property: $.constructor, errorType: UnknownProperty',
    ],
    ['null', { components: null }, 'property: $.components, errorType: InvalidType'],
    [
      'a number for a text',
      { categories: { global: { spacingDensity: 1 } } },
      'property: $.categories.global.spacingDensity, errorType: InvalidType',
    ],
    [
      'a text for a number',
      { components: { form: { borderRadius: '8px' } } },
      'property: $.components.form.borderRadius, errorType: InvalidType',
    ],
    [
      'an object for a list',
      { components: { favicon: { enabledTypes: {} } } },
      'property: $.components.favicon.enabledTypes, errorType: InvalidType',
    ],
    [
      'what is wrong inside lists',
      { categories: { auth: { authMethodOrder: [[{ display: 'INPUT' }, { kind: 'A' }], 7] } } },
      'property: $.categories.auth.authMethodOrder[0][1].kind, errorType: UnknownProperty',
      'property: $.categories.auth.authMethodOrder[1], errorType: InvalidType',
    ],
    [
      'no colour',
      { components: { pageText: { darkMode: { bodyColor: '#ffffff', headingColor: 'red' } } } },
      'property: $.components.pageText.darkMode.bodyColor, errorType: InvalidValue',
      'property: $.components.pageText.darkMode.headingColor, errorType: InvalidValue',
    ],
    [
      'no word',
      { components: { form: { logo: { location: 'CENTER;}</style>' } } } },
      'property: $.components.form.logo.location, errorType: InvalidValue',
    ],
  ]
  for (const [what, settings, ...found] of refused) {
    test(`cannot say ${what}`, () => assert.throws(() => checkSettings(settings), refusedFor(...found)))
  }

  test('are refused for fifty things at most', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`p${index}`, 1]))
    const named = Array.from(
      { length: 50 },
      (_, index) => `property: $.p${index}, errorType: UnknownProperty`,
    )
    assert.throws(() => checkSettings(many), refusedFor(...named))
  })
})

describe('settings that are merged', () => {
  const rows: [what: string, base: JsonObject, over: JsonObject, merged: JsonObject][] = [
    ['nothing into nothing', {}, {}, {}],
    ['what is new', { a: 1 }, { b: { c: 2 } }, { a: 1, b: { c: 2 } }],
    ['what is other, at every depth', { a: { b: 1, c: 2 } }, { a: { b: 3 } }, { a: { b: 3, c: 2 } }],
    ['a list as a whole', { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    [
      'what is nothing or false',
      { a: true, b: 1, c: {} },
      { a: false, b: 0, c: null },
      { a: false, b: 0, c: null },
    ],
    ['over something of another kind', { a: { b: 1 } }, { a: 2 }, { a: 2 }],
  ]
  for (const [what, base, over, merged] of rows) {
    test(what, () => assert.deepEqual(mergeSettings(base, over), merged))
  }

  test('change nobody else', () => {
    const over: JsonObject = JSON.parse('{"a": {"__proto__": {"polluted": true}}}')
    const merged = mergeSettings({ a: {} }, over)
    assert.equal(JSON.stringify(merged), '{"a":{"__proto__":{"polluted":true}}}')
    assert.equal(({} as { polluted?: boolean }).polluted, undefined)
  })
})

describe('the default', () => {
  /** WCAG 2.2, "relative luminance". */
  function luminance(colour: string): number {
    const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  function contrast(one: string, other: string): number {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  function at(path: string): string {
    const found = path
      .split('.')
      .reduce<Json | undefined>((value, name) => (value as JsonObject)[name], defaultSettings)
    assert.equal(typeof found, 'string', path)
    return String(found)
  }

  const form = 'components.form.MODE.backgroundColor'
  const pairs: [text: string, ground: string][] = [
    ...['bodyColor', 'descriptionColor', 'headingColor'].map((text): [string, string] => [
      `components.pageText.MODE.${text}`,
      form,
    ]),
    ...['primaryButton', 'secondaryButton', 'idpButton.standard'].flatMap((button) =>
      ['defaults', 'hover', 'active'].map((state): [string, string] => [
        `components.${button}.MODE.${state}.textColor`,
        `components.${button}.MODE.${state}.backgroundColor`,
      ]),
    ),
    ...['hover', 'match'].map((state): [string, string] => [
      `componentClasses.dropDown.MODE.${state}.itemTextColor`,
      `componentClasses.dropDown.MODE.${state}.itemBackgroundColor`,
    ]),
    ['componentClasses.inputLabel.MODE.textColor', form],
    ['componentClasses.inputDescription.MODE.textColor', form],
    ['componentClasses.link.MODE.defaults.textColor', form],
    ['componentClasses.input.MODE.placeholderColor', 'componentClasses.input.MODE.defaults.backgroundColor'],
  ]

  for (const mode of ['lightMode', 'darkMode']) {
    test(`can be read in ${mode}: 4.5 to 1 or better, as WCAG asks of text`, () => {
      for (const [text, ground] of pairs) {
        const ratio = contrast(at(text.replace('MODE', mode)), at(ground.replace('MODE', mode)))
        assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`)
      }
    })
  }
})
