import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { AdminUpdateAuthEventFeedbackCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createRecordedPool, eventsOf, newEventOf, noAddOn } from '../../../test/events.ts'
import { createPool, createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import type { Place } from '../../../test/sign-in.ts'

describe('AdminUpdateAuthEventFeedback', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createRecordedPool(server())
      for (const name of ['ada', 'bob']) await createUser(server(), place.UserPoolId, name)
    })
    const say = (Username: string, EventId: string, FeedbackValue: 'Valid' | 'Invalid', at = place) =>
      server().client.send(
        new AdminUpdateAuthEventFeedbackCommand({
          UserPoolId: at.UserPoolId,
          Username,
          EventId,
          FeedbackValue,
        }),
      )

    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'AdminUpdateAuthEventFeedback', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('says what is thought of an event, and what is thought of it later, and changes nothing else', async () => {
      const EventId = await newEventOf(server(), place, 'ada')
      const [before] = await eventsOf(server(), place.UserPoolId, 'ada')
      for (const FeedbackValue of ['Invalid', 'Valid'] as const) {
        server().clock.now += 1000
        const { $metadata: _, ...output } = await say('ada', EventId, FeedbackValue)
        assert.deepEqual(output, {})
        const FeedbackDate = new Date(server().clock.now)
        assert.deepEqual(await eventsOf(server(), place.UserPoolId, 'ada'), [
          { ...before, EventFeedback: { FeedbackValue, Provider: 'Admin', FeedbackDate } },
        ])
      }
      assert.deepEqual(await server().sent(), [])
    })

    test("an event that is not there, or another's", async () => {
      const EventId = await newEventOf(server(), place, 'bob')
      for (const [name, id] of [
        ['ada', EventId],
        ['bob', 'absent'],
      ] as const) {
        await assert.rejects(
          say(name, id, 'Valid'),
          refusal('ResourceNotFoundException', `Event ${id} does not exist.`),
        )
      }
    })

    test('of a pool, of a user, and with threat protection', async () => {
      const absent = { ...place, UserPoolId: 'us-east-1_Absent123' }
      await assert.rejects(
        say('ada', 'any', 'Valid', absent),
        refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
      )
      await assert.rejects(
        say('nobody', 'any', 'Valid'),
        refusal('UserNotFoundException', 'User does not exist.'),
      )
      const UserPoolId = await createPool(server())
      await createUser(server(), UserPoolId, 'ada')
      await assert.rejects(say('ada', 'any', 'Valid', { ...place, UserPoolId }), noAddOn)
    })
  })
})
