import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  ConfirmForgotPasswordCommand,
  type ContextDataType,
  DescribeUserPoolClientCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  type UserContextDataType,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRecordedPool, eventsOf } from '../../test/events.ts'
import { createUser, password, refusal } from '../../test/fixtures.ts'
import { onEachStore, type TestServer } from '../../test/harness.ts'
import { codeSent, type Place, secretHash, setLegacySms } from '../../test/sign-in.ts'

const noAddress = refusal('InvalidParameterException', 'IpAddress must be an IPv4 or IPv6 address.')
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'

const context = (IpAddress: string, ...agents: string[]): ContextDataType => ({
  IpAddress,
  ServerName: 'example.com',
  ServerPath: '/login',
  HttpHeaders: agents.map((headerValue) => ({ headerName: 'User-Agent', headerValue })),
  EncodedData: 'opaque',
})

/** Where the newest event of a user comes from. */
const latest = async (server: TestServer, { UserPoolId }: Place, name: string) =>
  (await eventsOf(server, UserPoolId, name))[0]?.EventContextData

const here = { IpAddress: '127.0.0.1', DeviceName: 'Other, Other' }

describe('where a user is, on the word of a server', () => {
  onEachStore((server) => {
    const startAdmin = ({ UserPoolId, ClientId }: Place, ContextData?: ContextDataType) =>
      server().client.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ada', PASSWORD: password },
          ContextData,
        }),
      )

    test("an administrator's is taken, for the address and the device", async () => {
      const place = await createRecordedPool(server())
      await createUser(server(), place.UserPoolId, 'ada')
      const rows = [
        [undefined, here],
        [context('192.0.2.1', chrome), { IpAddress: '192.0.2.1', DeviceName: 'Chrome 126, Windows 10' }],
        [context('2001:db8::1'), { IpAddress: '2001:db8::1' }],
      ] as const
      for (const [given, expected] of rows) {
        server().clock.now += 1000
        await startAdmin(place, given)
        assert.deepEqual(await latest(server(), place, 'ada'), expected)
      }
      await assert.rejects(startAdmin(place, context('not an address')), noAddress)
      await assert.rejects(
        server().client.send(
          new AdminRespondToAuthChallengeCommand({
            ...place,
            ChallengeName: 'SMS_MFA',
            ContextData: context('300.0.0.1'),
          }),
        ),
        noAddress,
      )
    })

    test('an event says where it began', async () => {
      const place = await createRecordedPool(server())
      await createUser(server(), place.UserPoolId, 'ada')
      await setLegacySms(server(), place.UserPoolId, 'ada')
      const { Session } = await startAdmin(place, context('192.0.2.1', chrome))
      const ChallengeResponses = { USERNAME: 'ada', SMS_MFA_CODE: await codeSent(server()) }
      await server().client.send(
        new AdminRespondToAuthChallengeCommand({
          ...place,
          ChallengeName: 'SMS_MFA',
          Session,
          ChallengeResponses,
          ContextData: context('192.0.2.99'),
        }),
      )
      assert.deepEqual(await latest(server(), place, 'ada'), {
        IpAddress: '192.0.2.1',
        DeviceName: 'Chrome 126, Windows 10',
      })
    })

    test('nobody reads it without threat protection', async () => {
      const place = await createRecordedPool(server(), { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } })
      await createUser(server(), place.UserPoolId, 'ada')
      assert.ok((await startAdmin(place, context('not an address'))).AuthenticationResult)
    })

    for (const trusted of [true, false]) {
      test(`an app client's is ${trusted ? 'taken from one that says it sends it' : 'not taken from any other'}`, async () => {
        const place = await createRecordedPool(
          server(),
          { AutoVerifiedAttributes: ['email'] },
          { GenerateSecret: true, EnablePropagateAdditionalUserContextData: trusted },
        )
        const { UserPoolId, ClientId } = place
        const { client } = server()
        const secret = await secretOf(server(), place)
        const hashed = (Username: string) => ({
          ClientId,
          Username,
          SecretHash: secretHash(secret, Username, ClientId),
        })
        await createUser(server(), UserPoolId, 'ada', {
          phone_number: '+15555550123',
          phone_number_verified: 'true',
        })
        const calls: Readonly<
          Record<string, readonly [string, (UserContextData: UserContextDataType) => Promise<unknown>]>
        > = {
          InitiateAuth: [
            'ada',
            (UserContextData) =>
              client.send(
                new InitiateAuthCommand({
                  ClientId,
                  AuthFlow: 'USER_PASSWORD_AUTH',
                  AuthParameters: {
                    USERNAME: 'ada',
                    PASSWORD: password,
                    SECRET_HASH: secretHash(secret, 'ada', ClientId),
                  },
                  UserContextData,
                }),
              ),
          ],
          SignUp: [
            'new',
            (UserContextData) =>
              client.send(
                new SignUpCommand({
                  ...hashed('new'),
                  Password: password,
                  UserAttributes: [{ Name: 'email', Value: 'new@example.com' }],
                  UserContextData,
                }),
              ),
          ],
          ResendConfirmationCode: [
            'new',
            (UserContextData) =>
              client.send(new ResendConfirmationCodeCommand({ ...hashed('new'), UserContextData })),
          ],
          ForgotPassword: [
            'ada',
            (UserContextData) =>
              client.send(new ForgotPasswordCommand({ ...hashed('ada'), UserContextData })),
          ],
          ConfirmForgotPassword: [
            'ada',
            async (UserContextData) =>
              client.send(
                new ConfirmForgotPasswordCommand({
                  ...hashed('ada'),
                  ConfirmationCode: await newestCode(server()),
                  Password: 'Another-horse-9',
                  UserContextData,
                }),
              ),
          ],
        }
        const IpAddress = '192.0.2.7'
        for (const [operation, [name, call]] of Object.entries(calls)) {
          server().clock.now += 1000
          if (trusted) await assert.rejects(call({ IpAddress: 'nowhere' }), noAddress, operation)
          await call({ IpAddress, EncodedData: 'opaque' })
          const expected = { ...here, ...(trusted && { IpAddress }) }
          assert.deepEqual(await latest(server(), place, name), expected, operation)
        }
        const respond = new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: 'SMS_MFA',
          UserContextData: { IpAddress: 'nowhere' },
        })
        if (trusted) await assert.rejects(client.send(respond), noAddress)
      })
    }
  })
})

/** The secret that the client was made with. */
async function secretOf(server: TestServer, place: Place): Promise<string> {
  const { UserPoolClient } = await server.client.send(new DescribeUserPoolClientCommand({ ...place }))
  assert.ok(UserPoolClient?.ClientSecret)
  return UserPoolClient.ClientSecret
}

async function newestCode(server: TestServer): Promise<string> {
  const [message] = await server.app.store.messages.list({ limit: 1 })
  assert.ok(message?.code)
  return message.code
}
