/** What most tests begin with: a pool, a client, a user. */

import assert from 'node:assert/strict'
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  type AttributeType,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { TestServer } from './harness.ts'

/** Whom the SDK can ask: a server in this process, or one at the end of a socket. */
export type Served = Pick<TestServer, 'client'>

export const smsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'cognate' }
export const phone = '+15555550123'
export const password = 'Correct-horse-9'

/** A pool with optional SMS MFA, unless the test wants another. */
export async function createPool(
  server: Served,
  input: Partial<CreateUserPoolCommandInput> = {},
): Promise<string> {
  const { UserPool } = await server.client.send(
    new CreateUserPoolCommand({
      PoolName: 'test',
      MfaConfiguration: 'OPTIONAL',
      SmsConfiguration: smsConfiguration,
      ...input,
    }),
  )
  assert.ok(UserPool?.Id)
  return UserPool.Id
}

/** A client that signs in with passwords and refreshes, unless the test wants another. */
export async function createClient(
  server: Served,
  UserPoolId: string,
  input: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<{ ClientId: string; ClientSecret: string | undefined }> {
  const { UserPoolClient } = await server.client.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'test',
      ExplicitAuthFlows: [
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ],
      ...input,
    }),
  )
  assert.ok(UserPoolClient?.ClientId)
  return { ClientId: UserPoolClient.ClientId, ClientSecret: UserPoolClient.ClientSecret }
}

/** A confirmed user with a permanent password and these attributes; nothing is sent. */
export async function createUser(
  server: Served,
  UserPoolId: string,
  Username: string,
  attributes: Readonly<Record<string, string>> = { phone_number: phone },
): Promise<void> {
  await server.client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      UserAttributes: attributeList(attributes),
      MessageAction: 'SUPPRESS',
    }),
  )
  await server.client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  )
}

/** Signs a user in with a password, and returns what came of it. */
export function signIn(
  server: Served,
  UserPoolId: string,
  ClientId: string,
  USERNAME: string,
  PASSWORD = password,
) {
  return server.client.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
    }),
  )
}

export const attributeList = (attributes: Readonly<Record<string, string>>): AttributeType[] =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))

/** Attributes of a response as a plain object. */
export const attributesIn = (
  list: readonly AttributeType[] | undefined,
): Record<string, string | undefined> =>
  Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name, Value]))

/** What a refusal must say: the exception's name and its text, both to the letter. */
export function refusal(name: string, message: string) {
  return (error: unknown): true => {
    assert.ok(error instanceof Error)
    assert.deepEqual({ name: error.name, message: error.message }, { name, message })
    return true
  }
}
