/** Nobody can tell who has an account from what a client that hides it answers. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { hours } from '../src/lib/instant.ts'
import {
  createHidingPlace,
  createKind,
  type Kind,
  masked,
  nameOf,
  type Place,
  type Probe,
  probes,
} from './enumeration.ts'
import { callRaw, onEachStore } from './harness.ts'

for (const names of ['usernames', 'email addresses'] as const) {
  describe(`to a client that hides its users, who go by ${names},`, () => {
    onEachStore((server) => {
      let place: Place
      before(async () => {
        place = await createHidingPlace(server().client, names)
      })
      const send = (operation: string, body: unknown) => callRaw(server(), operation, JSON.stringify(body))

      /** The answers to three tries: two at once, and one when every code and every count of attempts is over. */
      async function answers({ name: what, call }: Probe, kind: Kind): Promise<string[]> {
        const plain = nameOf(what, kind)
        const name = names === 'usernames' ? plain : `e${plain}@example.com`
        await createKind(server().client, place, kind, name)
        const seen: string[] = []
        for (const pause of [0, 0, hours(25)]) {
          server().clock.now += pause
          const { operation, body } = await call(send, place.ClientId, name)
          seen.push(masked(await send(operation, body), name))
        }
        return seen
      }

      for (const probe of probes) {
        const { name: what, kinds } = probe
        test(`${what}: the answer is the same for nobody as for ${kinds.slice(1).join('; ')}`, async () => {
          const nobody = await answers(probe, 'unknown')
          for (const kind of kinds.slice(1)) assert.deepEqual(await answers(probe, kind), nobody, kind)
        })
      }
    })
  })
}
