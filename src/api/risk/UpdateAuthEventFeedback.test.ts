import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  UpdateAuthEventFeedbackCommand,
  type UpdateAuthEventFeedbackCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRecordedPool, eventsOf, newEventOf, noAddOn } from '../../../test/events.ts'
import { createPool, createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { type Place, showUser } from '../../../test/sign-in.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import { feedbackTokenFor } from '../../flows/auth-events.ts'

const invalid = refusal('NotAuthorizedException', 'Invalid feedback token.')

describe('UpdateAuthEventFeedback', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createRecordedPool(server())
      for (const name of ['ada', 'bob']) await createUser(server(), place.UserPoolId, name)
    })

    /** What a mail about an event has in it. */
    const mailed = (Username: string, EventId: string, at = place): UpdateAuthEventFeedbackCommandInput => ({
      UserPoolId: at.UserPoolId,
      Username,
      EventId,
      FeedbackToken: feedbackTokenFor(server().app, at.UserPoolId as UserPoolId, Username, EventId).reveal(),
      FeedbackValue: 'Invalid',
    })
    const say = (input: UpdateAuthEventFeedbackCommandInput) =>
      server().client.send(new UpdateAuthEventFeedbackCommand(input))

    test('takes the word of whoever has the mail, unsigned and more than once', async () => {
      const input = mailed('ada', await newEventOf(server(), place, 'ada'))
      const [before] = await eventsOf(server(), place.UserPoolId, 'ada')
      for (const FeedbackValue of ['Invalid', 'Valid'] as const) {
        server().clock.now += 1000
        const body = JSON.stringify({ ...input, FeedbackValue })
        const answer = await callRaw(server(), 'UpdateAuthEventFeedback', body)
        assert.deepEqual([answer.status, answer.body], [200, '{}'])
        const FeedbackDate = new Date(server().clock.now)
        assert.deepEqual(await eventsOf(server(), place.UserPoolId, 'ada'), [
          { ...before, EventFeedback: { FeedbackValue, Provider: 'User', FeedbackDate } },
        ])
      }
      assert.deepEqual(await server().sent(), [])
    })

    test('knows the user by any of their names', async () => {
      const input = mailed('ada', await newEventOf(server(), place, 'ada'))
      const { sub } = (await showUser(server(), place.UserPoolId, 'ada')).attributes
      await say({ ...input, Username: sub })
      const [event] = await eventsOf(server(), place.UserPoolId, 'ada')
      assert.equal(event?.EventFeedback?.FeedbackValue, 'Invalid')
    })

    test('a token is good for its own pool, user and event, and tells who has another nothing', async () => {
      const EventId = await newEventOf(server(), place, 'ada')
      const input = mailed('ada', EventId)
      const other = await createRecordedPool(server())
      await createUser(server(), other.UserPoolId, 'ada')
      for (const changed of [
        { Username: 'bob' },
        { Username: 'nobody' },
        { EventId: await newEventOf(server(), place, 'ada') },
        { EventId: 'absent' },
        { UserPoolId: other.UserPoolId },
        { FeedbackToken: 'abc' },
        { FeedbackToken: `${input.FeedbackToken}A` },
      ]) {
        await assert.rejects(say({ ...input, ...changed }), invalid, JSON.stringify(changed))
      }
      for (const event of await eventsOf(server(), place.UserPoolId, 'ada')) {
        if (event.EventId === EventId) assert.equal(event.EventFeedback, undefined)
      }
    })

    test('an event and a user that are gone since', async () => {
      await assert.rejects(
        say(mailed('ada', 'swept')),
        refusal('ResourceNotFoundException', 'Event swept does not exist.'),
      )
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, 'leaving')
      const input = mailed('leaving', await newEventOf(server(), place, 'leaving'))
      await server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'leaving' }))
      await assert.rejects(say(input), refusal('UserNotFoundException', 'User does not exist.'))
    })

    test('of a pool, and with threat protection', async () => {
      await assert.rejects(
        say(mailed('ada', 'any', { ...place, UserPoolId: 'us-east-1_Absent123' })),
        refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
      )
      const UserPoolId = await createPool(server())
      await createUser(server(), UserPoolId, 'ada')
      await assert.rejects(say(mailed('ada', 'any', { ...place, UserPoolId })), noAddOn)
    })
  })
})
