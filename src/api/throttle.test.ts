import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserSettingsCommand,
  type ChallengeNameType,
  CreateGroupCommand,
  DescribeUserPoolCommand,
  GetGroupCommand,
  GetProvisionedLimitCommand,
  GetUserCommand,
  GetUserPoolMfaConfigCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  UpdateProvisionedLimitCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import { tokensOf } from '../../test/sign-in.ts'

const tooMany = refusal('TooManyRequestsException', 'Too many requests')
const isThrottled = (error: Error) => error.name === 'TooManyRequestsException'

const authentication = {
  LimitDefinition: { LimitClass: 'API_CATEGORY' as const, Attributes: { Category: 'UserAuthentication' } },
}

/** How many of so many calls got through to the operation, whatever it then said. */
async function passed(count: number, call: (index: number) => Promise<unknown>): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, (_, index) => call(index)))
  return outcomes.filter((one) => one.status === 'fulfilled' || !isThrottled(one.reason)).length
}

describe('throttling', () => {
  onEachStore(
    (server) => {
      let UserPoolId: string
      let ClientId: string
      let AccessToken: string
      /** A second later every bucket is full. */
      const later = () => {
        server().clock.now += 1000
      }
      before(async () => {
        UserPoolId = await createPool(server())
        ClientId = (await createClient(server(), UserPoolId)).ClientId
        later()
        for (const name of ['ada', 'bob']) await createUser(server(), UserPoolId, name)
        AccessToken = (await tokensOf(server(), { UserPoolId, ClientId }, 'ada')).AccessToken
        await server().client.send(new CreateGroupCommand({ UserPoolId, GroupName: 'staff' }))
      })
      const show = (Username: string) =>
        server().client.send(new AdminGetUserCommand({ UserPoolId, Username }))
      const list = () => server().client.send(new ListUsersCommand({ UserPoolId, Limit: 1 }))
      const limit = () => server().client.send(new GetProvisionedLimitCommand(authentication))
      const signIn = (USERNAME: string) =>
        server().client.send(
          new InitiateAuthCommand({
            ClientId,
            AuthFlow: 'USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME, PASSWORD: 'Wrong-horse-9' },
          }),
        )
      const answer = (USERNAME: string, ChallengeName: ChallengeNameType = 'SMS_MFA') =>
        server().client.send(
          new AdminRespondToAuthChallengeCommand({
            UserPoolId,
            ClientId,
            ChallengeName,
            Session: 'no session of anybody at all',
            ChallengeResponses: { USERNAME, SMS_MFA_CODE: '123456', NEW_PASSWORD: 'Another-horse-9' },
          }),
        )

      test('a category has its rate, and fills evenly', async () => {
        later()
        assert.equal(await passed(40, list), 30)
        await assert.rejects(list(), tooMany)
        server().clock.now += 100
        assert.equal(await passed(10, list), 3)
        later()
        assert.equal(await passed(40, list), 30)
      })

      test('limits themselves are looked at once a second', async () => {
        later()
        await limit()
        await assert.rejects(limit(), tooMany)
        later()
        await limit()
      })

      test('an operation on the resources of a pool has five a second, in each pool', async () => {
        later()
        const other = await createPool(server())
        later()
        const group = () => server().client.send(new GetGroupCommand({ UserPoolId, GroupName: 'staff' }))
        const mfa = (pool: string) =>
          server().client.send(new GetUserPoolMfaConfigCommand({ UserPoolId: pool }))
        assert.equal(await passed(8, group), 5)
        assert.equal(await passed(8, () => mfa(UserPoolId)), 5)
        assert.equal(await passed(8, () => mfa(other)), 5)
        // 20 a second in all: what was refused for the pool's sake was not counted.
        const tags = (index: number) => mfa(index % 2 === 0 ? UserPoolId : other)
        later()
        assert.equal(await passed(20, tags), 10)
        later()
        assert.equal(await passed(4, group), 4)
      })

      test('a pool is read at its own rate', async () => {
        later()
        const describePool = () => server().client.send(new DescribeUserPoolCommand({ UserPoolId }))
        assert.equal(await passed(20, describePool), 15)
      })

      test('a user is read ten times a second, by whichever operation, and written ten times', async () => {
        later()
        const self = () => server().client.send(new GetUserCommand({ AccessToken }))
        const settle = (Username: string) =>
          server().client.send(new AdminSetUserSettingsCommand({ UserPoolId, Username, MFAOptions: [] }))
        assert.equal(await passed(6, self), 6)
        assert.equal(await passed(6, () => show('ada')), 4)
        await assert.rejects(self(), tooMany)
        assert.equal(await passed(12, () => settle('ada')), 10)
        assert.equal(await passed(12, () => show('bob')), 10)
        later()
        await self()
      })

      test('a name that nobody has is as limited as a user', async () => {
        later()
        assert.equal(await passed(12, () => signIn('nobody')), 10)
        const USERNAME = 'x'.repeat(5_000)
        later()
        assert.equal(await passed(12, () => signIn(USERNAME)), 10)
      })

      test('three answers to challenges are free with a sign-in, and the rest count as sign-ins', async () => {
        later()
        assert.equal(await passed(500, (index) => answer(`somebody-${index}`)), 360 + 120)
        await assert.rejects(signIn('ada'), tooMany)
        later()
        assert.equal(await passed(130, (index) => signIn(`somebody-${index}`)), 120)
        await assert.rejects(
          answer('ada'),
          refusal('NotAuthorizedException', 'Invalid session for the user.'),
        )
      })

      test('a new password is part of recovering an account', async () => {
        later()
        const replace = (index: number) => answer(`somebody-${index}`, 'NEW_PASSWORD_REQUIRED')
        assert.equal(await passed(40, replace), 30)
        assert.equal(await passed(5, (index) => answer(`another-${index}`)), 5)
      })

      test('a limit that was raised holds within a second', async () => {
        later()
        await server().client.send(
          new UpdateProvisionedLimitCommand({ ...authentication, RequestedLimitValue: 150 }),
        )
        later()
        const start = (index: number) => signIn(`raised-${index}`)
        assert.equal(await passed(200, start), 150)
        later()
        await server().client.send(
          new UpdateProvisionedLimitCommand({ ...authentication, RequestedLimitValue: 120 }),
        )
        later()
        assert.equal(await passed(200, start), 120)
      })

      test('who may not call uses nothing up', async () => {
        later()
        const stranger = server().as('NOBODY', 'nothing')
        const refused = await Promise.allSettled(
          Array.from({ length: 40 }, () => stranger.send(new ListUsersCommand({ UserPoolId }))),
        )
        assert.ok(refused.every((one) => one.status === 'rejected' && !isThrottled(one.reason)))
        assert.equal(await passed(40, list), 30)
      })

      test('administrators sign users in at the same rate', async () => {
        later()
        const start = (index: number) =>
          server().client.send(
            new AdminInitiateAuthCommand({
              UserPoolId,
              ClientId,
              AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
              AuthParameters: { USERNAME: `led-${index}`, PASSWORD: 'Wrong-horse-9' },
            }),
          )
        assert.equal(await passed(80, (index) => signIn(`own-${index}`)), 80)
        assert.equal(await passed(80, start), 40)
      })
    },
    { site: { throttle: 'on' } },
  )

  onEachStore((server) => {
    test('is off unless it is asked for', async () => {
      const UserPoolId = await createPool(server())
      assert.equal(
        await passed(60, () => server().client.send(new DescribeUserPoolCommand({ UserPoolId }))),
        60,
      )
    })
  })
})
