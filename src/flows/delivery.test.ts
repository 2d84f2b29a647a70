import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { createPlace, type Place, signUp } from '../../test/accounts.ts'
import { onEachStore } from '../../test/harness.ts'
import { functionArnOf } from '../../test/trigger-functions.ts'
import type { UserPoolId } from '../domain/ids.ts'
import type { Message } from '../domain/message.ts'
import { type MessageSender, Undeliverable } from '../ports/message-sender.ts'
import { deliverDue } from './delivery.ts'

/** A channel that does what a test says, and remembers what it was given. */
const given: Message[] = []
let behave: MessageSender['send'] = async () => {}
const channel: MessageSender = {
  async send(message, pool, signal) {
    given.push(message)
    await behave(message, pool, signal)
  },
  close: async () => {},
}

onEachStore(
  (server) => {
    let place: Place
    let count = 0
    before(async () => {
      place = await createPlace(server())
    })
    beforeEach(async () => {
      given.length = 0
      behave = async () => {}
      await server().app.store.messages.clear({})
    })
    /** Somebody signs up, and a message waits. */
    const write = () => signUp(server(), place, `user-${++count}`, { email: `user-${count}@example.com` })
    const deliver = (patience?: number) => deliverDue(server().app, 'EMAIL', patience)
    const kept = () => server().app.store.messages.list({ limit: 10 })
    const dead = () => server().app.store.messages.dead(10)

    test('a message is handed over once and kept no longer', async () => {
      await write()
      assert.equal(await deliver(), false)
      const [message, ...others] = given
      assert.deepEqual(others, [])
      assert.equal(message?.to, `user-${count}@example.com`)
      assert.equal(message?.body, `Your verification code is ${message?.code}.`)
      assert.deepEqual(await kept(), [])
      await deliver()
      assert.equal(given.length, 1)
    })

    test('of the nodes that look for it at once, one gets each', async () => {
      for (const _ of [1, 2, 3, 4, 5]) await write()
      await Promise.all(Array.from({ length: 8 }, () => deliver()))
      assert.equal(given.length, 5)
      assert.equal(new Set(given.map(({ id }) => id)).size, 5)
    })

    test('what fails is tried again after longer and longer, and put aside at last', async () => {
      await write()
      behave = async () => {
        throw new Error('connection refused')
      }
      for (const [index, pause] of [2, 10, 60, 300, 900, 3600].entries()) {
        await deliver()
        assert.equal(given.length, index + 1)
        server().clock.now += pause * 1000 - 1
        await deliver()
        assert.equal(given.length, index + 1)
        server().clock.now += 1
        assert.deepEqual(await dead(), [])
      }
      await deliver()
      const [letter, ...others] = await dead()
      assert.deepEqual(others, [])
      assert.equal(letter?.failures, 7)
      assert.equal(letter?.failure, 'connection refused')
      server().clock.now += 86_400_000
      await deliver()
      assert.equal(given.length, 7)
    })

    test('what is refused for good is put aside at once, and can be sent again', async () => {
      await write()
      behave = async () => {
        throw new Undeliverable('550 no such user')
      }
      await deliver()
      const [letter] = await dead()
      assert.equal(letter?.failure, '550 no such user')
      const { messages } = server().app.store
      const revive = (poolId: string, id: string) =>
        messages.revive(poolId as UserPoolId, id, server().clock.now)
      assert.equal(await revive('us-east-1_Absent123', letter?.id ?? ''), false)
      assert.equal(await revive(place.UserPoolId, letter?.id ?? ''), true)
      assert.equal(await revive(place.UserPoolId, letter?.id ?? ''), false)
      behave = async () => {}
      await deliver()
      assert.equal(given.length, 2)
      assert.deepEqual(await kept(), [])
    })

    test('a channel that hangs is left to itself, also when it heeds no signal', async () => {
      await write()
      let told: AbortSignal | undefined
      behave = (_, __, signal) => {
        told = signal
        return new Promise(() => {})
      }
      await deliver(10)
      assert.equal(told?.aborted, true)
      server().clock.now += 2000
      behave = async () => {}
      await deliver()
      assert.equal(given.length, 2)
      assert.deepEqual(await kept(), [])
    })

    test('whoever dies with a message in hand leaves it to the next, after half a minute', async () => {
      await write()
      const { messages } = server().app.store
      const { now } = server().clock
      assert.equal((await messages.claim('EMAIL', now, now + 30_000, 10)).length, 1)
      await deliver()
      assert.equal(given.length, 0)
      server().clock.now += 30_000
      await deliver()
      assert.equal(given.length, 1)
    })

    test('the message of another medium is none of its business', async () => {
      await write()
      await deliverDue(server().app, 'SMS')
      assert.equal(given.length, 0)
    })

    describe('a function that carries the messages', () => {
      const key = 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357'
      let carried: Place
      before(async () => {
        carried = await createPlace(server(), {
          LambdaConfig: {
            CustomEmailSender: { LambdaArn: functionArnOf('carrier'), LambdaVersion: 'V1_0' },
            KMSKeyID: key,
          },
        })
      })

      test('is told of them in the channel’s place, with the code encrypted', async () => {
        server().functions.define({ carrier: () => undefined })
        server().functions.events()
        await signUp(server(), carried, 'carried', { email: 'carried@example.com' })
        const [message] = await kept()
        await deliver()
        assert.deepEqual(given, [])
        assert.deepEqual(await kept(), [])
        const [event, ...others] = server().functions.events()
        assert.deepEqual(others, [])
        assert.equal(event?.triggerSource, 'CustomEmailSender_SignUp')
        assert.equal(event?.response, undefined)
        const { code, ...request } = event?.request ?? {}
        assert.deepEqual(request, {
          type: 'customEmailSenderRequestV1',
          clientMetadata: null,
          userAttributes: message?.sender?.userAttributes,
        })
        assert.match(String(code), /^[A-Za-z0-9+/]+={0,2}$/)
        assert.ok(!Buffer.from(String(code), 'base64').includes(message?.code ?? ''))
      })

      test('that fails is told again', async () => {
        server().functions.define({
          carrier() {
            throw new Error('out of stamps')
          },
        })
        await signUp(server(), carried, 'failing', { email: 'failing@example.com' })
        await deliver()
        assert.equal((await kept()).length, 1)
        server().functions.define({ carrier: () => undefined })
        server().clock.now += 2000
        await deliver()
        assert.deepEqual(await kept(), [])
      })
    })
  },
  { channels: { EMAIL: channel } },
)
