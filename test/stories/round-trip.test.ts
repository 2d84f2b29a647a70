/**
 * As a program does that describes what it wants, Terraform for one: create, read back, update, read back, delete. What was
 * sent is what is shown, what is shown can be sent, and to say the same again changes nothing but the date of the change.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { operations } from '../../src/api/registry.ts'
import { type Json, send } from '../by-name.ts'
import { onEachStore, type TestServer } from '../harness.ts'
import type { Kind } from '../kind.ts'
import { apart, kinds } from '../kinds.ts'
import { allRows } from '../places.ts'

/** A thing as it is shown, in two parts: what was said of it, and how and since when it is called. */
function parts(kind: Kind, answer: Json): { settings: Json; names: Json } {
  const said = Object.entries(kind.thing(answer) ?? {}).filter(([_, value]) => value !== undefined)
  const isName = ([name]: [string, unknown]) => kind.names.includes(name)
  return {
    settings: Object.fromEntries(said.filter((entry) => !isName(entry))),
    names: Object.fromEntries(said.filter(isName)),
  }
}

/** Of `name`d members only those that stand for something: `undefined` says that a member is not shown. */
const shown = (...layers: (Json | undefined)[]): Json =>
  Object.fromEntries(Object.entries(Object.assign({}, ...layers)).filter(([_, value]) => value !== undefined))

/** Every row of the database, but for what counts, dates or seals a change; JSON as what it says, in whatever order. */
async function rowsOf(server: TestServer): Promise<Json> {
  const rows = await allRows(server)
  return Object.fromEntries(
    [...rows].map(([table, all]) => [
      table,
      all
        .map((row) =>
          Object.fromEntries(
            Object.entries(row)
              .filter(([column]) => !/^sealed|(version|modified_at)$/.test(column))
              .map(([column, value]) => [column, parsed(value)]),
          ),
        )
        .toSorted((a, b) => (plainly(a) < plainly(b) ? -1 : 1)),
    ]),
  )
}

/** What is no JSON of a row: its key is among it. */
const plainly = (row: Json): string =>
  JSON.stringify(Object.values(row).filter((value) => typeof value !== 'object'))

const undated = (name: string, value: unknown) => (name === 'modifiedAt' ? undefined : value)
const parsed = (value: unknown): unknown =>
  typeof value === 'string' && /^[{[]/.test(value) ? JSON.parse(value, undated) : value

describe('a round trip', () => {
  test('is made by every operation that creates or sets', () => {
    const known = Object.values(kinds).flatMap(({ create, update }) => [create, update])
    const missing = [...operations.keys()]
      .filter((name) => /^(Create|Set)/.test(name))
      .filter((name) => !known.includes(name) && !(name in apart))
    assert.deepEqual(missing, [], 'say in test/kinds.ts how it is read back')
  })

  onEachStore((server) => {
    for (const [what, kind] of Object.entries(kinds)) {
      if (!operations.has(kind.create)) continue

      /** Creates one, and returns what every other operation on it is told. */
      async function create(input: Json): Promise<{ answer: Json; key: Json }> {
        const around = (await kind.around?.(server())) ?? {}
        const answer = await send(server(), kind.create, { ...around, ...input })
        return { answer, key: { ...around, ...kind.key?.(answer) } }
      }
      const read = async (key: Json) => parts(kind, await send(server(), kind.read, key))
      /** Says it a minute later. */
      const update = (key: Json, input: Json) => {
        server().clock.now += 60_000
        return send(server(), kind.update, updatable(kind, { ...input, ...key }))
      }
      const smallest = shown(kind.smallest, kind.defaults)
      const largest = shown(kind.largest, kind.instead)
      const nameless = (settings: Json) =>
        Object.fromEntries(Object.entries(settings).filter(([name]) => !kind.names.includes(name)))

      describe(what, () => {
        test('the smallest shows its defaults; it grows, and is told to be small again', async () => {
          const { answer, key } = await create(kind.smallest)
          const created = await read(key)
          assert.deepEqual(created.settings, nameless(smallest))
          if (showsIt(kind, answer)) assert.deepEqual(parts(kind, answer), created)

          await update(key, kind.largest)
          const grown = await read(key)
          assert.deepEqual(grown.settings, nameless(largest))
          assert.deepEqual({ ...unmoved(grown.names), ...unmoved(created.names) }, unmoved(grown.names))

          await update(key, { ...kind.smallest, ...kind.besides })
          assert.deepEqual((await read(key)).settings, nameless(shown(smallest, kind.afterwards)))
        })

        test('the largest is shown as it was sent, and said again it is the same', async () => {
          const { answer, key } = await create({ ...kind.largest, ...kind.fixed })
          const created = await read(key)
          assert.deepEqual(created.settings, nameless(shown(largest, kind.fixedShown)))
          if (showsIt(kind, answer)) assert.deepEqual(parts(kind, answer), created)

          const rows = await rowsOf(server())
          const sendable = kind.sendable?.(created.settings) ?? created.settings
          for (const said of [kind.largest, kind.largest, sendable]) {
            await update(key, said)
            const again = await read(key)
            assert.deepEqual(again.settings, created.settings)
            assert.deepEqual(unmoved(again.names), unmoved(created.names))
            assert.deepEqual(await rowsOf(server()), rows)
          }
        })

        const { remove, gone } = kind
        if (remove === undefined || gone === undefined) return
        test('and it is gone when it is deleted', async () => {
          const { key } = await create(kind.smallest)
          await send(server(), remove, key)
          await assert.rejects(read(key), gone)
          await assert.rejects(update(key, kind.smallest), gone)
          await assert.rejects(send(server(), remove, key), gone)
        })
      })
    }
  })
})

/** Whether a creation answers with what it has made; many answer with nothing. */
const showsIt = (kind: Kind, answer: Json): boolean =>
  Object.keys(answer).length > 0 && kind.thing(answer) !== undefined

/** What an update takes, of what was said at a creation or is shown. */
function updatable(kind: Kind, input: Json): Json {
  const members = operations.get(kind.update)?.input.facts.members ?? {}
  return Object.fromEntries(Object.entries(input).filter(([name]) => name in members))
}

/** But for the date of the change, a version being one: that an update which changes nothing moves it is assumed. */
const unmoved = (names: Json): Json =>
  Object.fromEntries(Object.entries(names).filter(([name]) => !/(LastModifiedDate|Version)$/.test(name)))
