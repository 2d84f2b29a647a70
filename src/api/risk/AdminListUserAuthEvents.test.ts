import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminListUserAuthEventsCommand,
  AdminUpdateAuthEventFeedbackCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRecordedPool, eventsOf, noAddOn } from '../../../test/events.ts'
import { createPool, createUser, refusal, signIn } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import type { Place } from '../../../test/sign-in.ts'

describe('AdminListUserAuthEvents', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createRecordedPool(server())
      for (const name of ['ada', 'bob']) await createUser(server(), place.UserPoolId, name)
    })
    const list = (page: { MaxResults?: number; NextToken?: string | undefined } = {}, Username = 'ada') =>
      server().client.send(
        new AdminListUserAuthEventsCommand({ UserPoolId: place.UserPoolId, Username, ...page }),
      )

    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'AdminListUserAuthEvents', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('shows all that is known of an event', async () => {
      const { UserPoolId, ClientId } = place
      const at = server().clock.now
      await signIn(server(), UserPoolId, ClientId, 'bob')
      const { $metadata: _, ...listed } = await list({}, 'bob')
      const [{ EventId, EventContextData, ...event } = {}, ...others] = listed.AuthEvents ?? []
      assert.deepEqual(others, [])
      assert.match(EventId ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      assert.deepEqual(event, {
        EventType: 'SignIn',
        CreationDate: new Date(at),
        EventResponse: 'Pass',
        EventRisk: { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false },
        ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Success' }],
      })
      assert.deepEqual(EventContextData, { IpAddress: '127.0.0.1', DeviceName: 'Other, Other' })
      assert.equal(listed.NextToken, undefined)
      server().clock.now += 1000
      const feedback = { UserPoolId, Username: 'bob', EventId, FeedbackValue: 'Valid' } as const
      await server().client.send(new AdminUpdateAuthEventFeedbackCommand(feedback))
      assert.deepEqual((await eventsOf(server(), UserPoolId, 'bob'))[0]?.EventFeedback, {
        FeedbackValue: 'Valid',
        Provider: 'Admin',
        FeedbackDate: new Date(at + 1000),
      })
    })

    test('the newest first, a page at a time', async () => {
      for (let count = 0; count < 5; count += 1) {
        server().clock.now += 1000
        await signIn(server(), place.UserPoolId, place.ClientId, 'ada')
      }
      const all = await list()
      const times = all.AuthEvents?.map(({ CreationDate }) => Number(CreationDate)) ?? []
      assert.deepEqual(
        times,
        [0, 1, 2, 3, 4].map((ago) => server().clock.now - ago * 1000),
      )
      const pages: (string | undefined)[][] = []
      let NextToken: string | undefined
      do {
        const page = await list({ MaxResults: 2, NextToken })
        pages.push((page.AuthEvents ?? []).map(({ EventId }) => EventId))
        NextToken = page.NextToken
      } while (NextToken !== undefined)
      assert.deepEqual(
        pages.map((page) => page.length),
        [2, 2, 1],
      )
      assert.deepEqual(
        pages.flat(),
        all.AuthEvents?.map(({ EventId }) => EventId),
      )
      assert.equal((await list({ MaxResults: 0 })).AuthEvents?.length, 5)
    })

    test('a token is good for its own listing', async () => {
      await signIn(server(), place.UserPoolId, place.ClientId, 'ada')
      await signIn(server(), place.UserPoolId, place.ClientId, 'ada')
      const { NextToken } = await list({ MaxResults: 1 })
      assert.ok(NextToken)
      for (const page of [list({ NextToken }, 'bob'), list({ NextToken: 'made-up' })]) {
        await assert.rejects(page, refusal('InvalidParameterException', 'Invalid pagination token.'))
      }
    })

    test('of a pool, of a user, and with threat protection', async () => {
      const { client } = server()
      await assert.rejects(
        client.send(
          new AdminListUserAuthEventsCommand({ UserPoolId: 'us-east-1_Absent123', Username: 'ada' }),
        ),
        refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
      )
      await assert.rejects(list({}, 'nobody'), refusal('UserNotFoundException', 'User does not exist.'))
      const UserPoolId = await createPool(server())
      await createUser(server(), UserPoolId, 'ada')
      const unprotected = new AdminListUserAuthEventsCommand({ UserPoolId, Username: 'ada' })
      await assert.rejects(client.send(unprotected), noAddOn)
    })
  })
})
