import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from './faults.ts'
import { checkCss, readLogo } from './ui-customization.ts'

function refusalOf(check: () => unknown): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    assert.ok(error instanceof Fault)
    return error.message
  }
}

const malformed = 'The CSS is malformed.'
const foreign = (selector: string) => `The CSS selector ${selector} cannot be customized.`
const word = (text: string) => `The CSS must not contain ${text}.`
const label = '.label-customizable'

describe('a style', () => {
  for (const [css, refused] of [
    ['', undefined],
    [' \n', undefined],
    ['/* nothing { } */', undefined],
    [`${label}{}`, undefined],
    [`${label} {font-weight: 400;}\n.idpButton-customizable:hover { color: #fff }`, undefined],
    [`/* a */ ${label}, .banner-customizable\t{ color: red; /* b */ } /* .gone { } */`, undefined],
    [`${label} { background: url("https://example.com/a.png"); content: "<b>" }`, undefined],
    [`${label} { content: "}" } body { color: red } x { y: " }`, malformed],
    ['body { color: red }', foreign('body')],
    [`${label}:hover { }`, foreign(`${label}:hover`)],
    [`body ${label} { }`, foreign(`body ${label}`)],
    [`${label}, body { }`, foreign('body')],
    [`${label.toUpperCase()} { }`, foreign(label.toUpperCase())],
    [`@media print { ${label} { } }`, malformed],
    [`@import "a.css"; ${label} { }`, foreign(`@import "a.css"; ${label}`)],
    [`@font-face { }`, foreign('@font-face')],
    [label, malformed],
    [`${label} {`, malformed],
    [`${label} } {`, malformed],
    [`${label} { a { } }`, malformed],
    ['/* without an end', malformed],
    ['}', malformed],
    // What a browser takes for a string is no way out of a rule, and a comment inside of one hides nothing.
    [`${label} { content: "/*" } body { } ${label} { content: "*/" }`, foreign('body')],
    [`${label} { a: url(/*) } body { } ${label} { a: url(*/) }`, foreign('body')],
    [`${label} { /* } body { } */ }`, foreign('body')],
    [`${label} { content: "@IMPORT" }`, word('@IMPORT')],
    [`${label} { content: "@media" }`, word('@media')],
    [`${label} { background: url(JavaScript:alert(1)) }`, word('JavaScript')],
    [`${label} { content: "</STYLE><script>" }`, word('</STYLE')],
  ] as const) {
    test(`${JSON.stringify(css)}: ${refused ?? 'yes'}`, () =>
      assert.equal(
        refusalOf(() => checkCss(css)),
        refused,
      ))
  }

  test('is looked at in time that grows as it does', () => {
    for (const text of ['/*', '{', '}', ' ', `${label}{}`, '/**/', `${label},`]) {
      const began = process.cpuUsage().user
      refusalOf(() => checkCss(text.repeat(131_072 / text.length)))
      assert.ok(process.cpuUsage().user - began < 1_000_000, text)
    }
  })
})

describe('a logo', () => {
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex')
  for (const [what, file, type] of [
    ['PNG', png, 'png'],
    ['JPEG', Buffer.from('ffd8ffe000', 'hex'), 'jpg'],
    ['GIF of 1987', Buffer.from('GIF87a...'), 'gif'],
    ['GIF of 1989', Buffer.from('GIF89a...'), 'gif'],
    ['the largest', Buffer.concat([png], 100 * 1024), 'png'],
  ] as const) {
    test(what, () => assert.deepEqual(readLogo(file), { type, base64: file.toString('base64') }))
  }

  for (const [what, file, refused] of [
    [
      'SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'The image must be a PNG, JPEG or GIF file.',
    ],
    ['the beginning of a PNG', png.subarray(0, 7), 'The image must be a PNG, JPEG or GIF file.'],
    ['one too large', Buffer.concat([png], 100 * 1024 + 1), 'The image must be no larger than 100 KB.'],
  ] as const) {
    test(`not ${what}`, () =>
      assert.equal(
        refusalOf(() => readLogo(file)),
        refused,
      ))
  }
})
