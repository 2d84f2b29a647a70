/** What tests of the record of events share. */
import assert from 'node:assert/strict'
import {
  AdminListUserAuthEventsCommand,
  type AuthEventType,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, refusal, signIn } from './fixtures.ts'
import type { TestServer } from './harness.ts'
import type { Place } from './sign-in.ts'

/** A pool that keeps a record, with a client that signs in with passwords, SRP, triggers and by choice. */
export async function createRecordedPool(
  server: TestServer,
  input: Partial<CreateUserPoolCommandInput> = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<Place> {
  const UserPoolId = await createPool(server, {
    UserPoolTier: 'PLUS',
    UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
    ...input,
  })
  const ExplicitAuthFlows = [
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_USER_PASSWORD_AUTH',
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_CUSTOM_AUTH',
    'ALLOW_USER_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
  ] as const
  const { ClientId } = await createClient(server, UserPoolId, {
    ExplicitAuthFlows: [...ExplicitAuthFlows],
    ...client,
  })
  return { UserPoolId, ClientId }
}

/** A user's events, the newest first. */
export async function eventsOf(
  server: TestServer,
  UserPoolId: string,
  Username: string,
): Promise<AuthEventType[]> {
  const { AuthEvents = [] } = await server.client.send(
    new AdminListUserAuthEventsCommand({ UserPoolId, Username }),
  )
  return AuthEvents
}

/** An event in one line: `SignIn Pass: Password Success, Mfa Success`. */
export function inShort({ EventType, EventResponse, ChallengeResponses = [] }: AuthEventType): string {
  const results = ChallengeResponses.map(
    ({ ChallengeName, ChallengeResponse }) => `${ChallengeName} ${ChallengeResponse}`,
  )
  return [`${EventType} ${EventResponse}`, ...(results.length > 0 ? [results.join(', ')] : [])].join(': ')
}

/** A user's events in short, the newest first. */
export const history = async (server: TestServer, UserPoolId: string, Username: string): Promise<string[]> =>
  (await eventsOf(server, UserPoolId, Username)).map(inShort)

export const noAddOn = refusal('UserPoolAddOnNotEnabledException', 'User pool add-ons are not enabled.')

/** The id of the newest event of a user who signs in now. */
export async function newEventOf(server: TestServer, place: Place, Username: string): Promise<string> {
  server.clock.now += 1000
  await signIn(server, place.UserPoolId, place.ClientId, Username)
  const [event] = await eventsOf(server, place.UserPoolId, Username)
  assert.ok(event?.EventId)
  return event.EventId
}
