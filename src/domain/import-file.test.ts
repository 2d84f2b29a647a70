import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { cellsIn, headerIn, longestRow, type Row, RowReader, valuesIn } from './import-file.ts'

function rowsIn(parts: readonly string[]): Row[] {
  const reader = new RowReader()
  return [...parts.flatMap((part) => reader.push(part)), ...reader.end()]
}

describe('rows', () => {
  test('end with a line break of either kind, the last without', () => {
    assert.deepEqual(rowsIn(['a,b\r\nc\n\n \n"d\ne"']), [
      { line: 1, text: 'a,b' },
      { line: 2, text: 'c' },
      { line: 5, text: '"d' },
      { line: 6, text: 'e"' },
    ])
  })

  test('may have 16,000 characters and no more', () => {
    const longest = 'x'.repeat(longestRow)
    assert.deepEqual(rowsIn([`${longest}\r\n${longest}x\na`]), [
      { line: 1, text: longest },
      { line: 2 },
      { line: 3, text: 'a' },
    ])
  })

  const hostile = fc.string({
    unit: fc.constantFrom(
      'a',
      ',',
      '\\',
      '\n',
      '\r',
      '"',
      ' ',
      '\0',
      '\u{1F600}',
      '\uFEFF',
      'x'.repeat(9000),
    ),
    maxLength: 60,
  })

  test('are the same wherever the text is cut', () => {
    fc.assert(
      fc.property(hostile, fc.array(fc.nat(600_000), { maxLength: 8 }), (text, cuts) => {
        const places = [
          0,
          ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b),
          text.length,
        ]
        const parts = places.slice(1).map((place, index) => text.slice(places[index], place))
        assert.deepEqual(rowsIn(parts), rowsIn([text]))
      }),
    )
  })

  test('are the lines of the file, each known by its number and none too long', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = text.split('\n').map((one) => (one.endsWith('\r') ? one.slice(0, -1) : one))
        const rows = rowsIn([text])
        for (const row of rows) {
          const whole = lines[row.line - 1] ?? assert.fail()
          if (row.text === undefined) assert.ok(whole.length > longestRow)
          else assert.equal(row.text, whole)
        }
        const blank = lines.filter((one) => one.trim() === '' && one.length <= longestRow)
        assert.equal(rows.length, lines.length - blank.length)
      }),
    )
  })
})

describe('values', () => {
  test('have their commas behind a backslash, and no quotation marks', () => {
    assert.deepEqual(valuesIn('a\\,b, c d ,"e",\\f,\\'), ['a,b', 'c d', '"e"', '\\f', '\\'])
    assert.deepEqual(valuesIn(''), [''])
    assert.deepEqual(valuesIn(','), ['', ''])
  })

  test('come back as they were written', () => {
    const value = fc
      .string({ unit: fc.constantFrom('a', ',', '\\', '"', ' ', '\u{1F600}') })
      // A backslash before a comma, or at an end where one follows, is what the dialect cannot say.
      .filter((text) => text === text.trim() && !/\\(,|$)/.test(text))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const row = values.map((one) => one.replaceAll(',', '\\,')).join(',')
        assert.deepEqual(valuesIn(row), values)
      }),
    )
  })

  test('take time in proportion to the text', () => {
    const row = '\\,'.repeat(longestRow / 2)
    const start = process.cpuUsage()
    for (let count = 0; count < 100; count += 1) valuesIn(row)
    const { user } = process.cpuUsage(start)
    assert.ok(user < 2_000_000, `${user} µs`)
  })
})

describe('a header', () => {
  const columns = ['name', 'cognito:mfa_enabled', 'cognito:username', 'password_hash']
  const header = (text: string, hashes = false) => headerIn({ line: 1, text }, columns, hashes)

  test('names the columns in any order, that of hashes where there are any', () => {
    assert.deepEqual(header('cognito:username, name ,cognito:mfa_enabled'), [
      'cognito:username',
      'name',
      'cognito:mfa_enabled',
    ])
    const message = 'The CSV file has no password_hash column.'
    assert.throws(() => header('cognito:username,name,cognito:mfa_enabled', true), { message })
  })

  test('gives its names to the values', () => {
    assert.deepEqual(
      cellsIn({ line: 2, text: 'a,b' }, ['x', '__proto__']),
      new Map([
        ['x', 'a'],
        ['__proto__', 'b'],
      ]),
    )
  })
})
