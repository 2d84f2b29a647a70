import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  AdminAddUserToGroupCommand,
  type AuthenticationResultType,
  CreateGroupCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { verifierAt } from '../clients/service.ts'
import { createClient, createPool, createUser, refusal, signIn } from '../fixtures.ts'
import { type FunctionProcess, serverWith } from '../function-process.ts'
import { functionArnOf } from '../trigger-functions.ts'

type Claims = Readonly<Record<string, unknown>>

/** Tokens that say of a tenant what an API behind the service wants to know of it. */
describe('a function that writes tokens', () => {
  const tenant = { id: 'blue', plan: { name: 'gold', seats: 5, trial: false } }
  const role = 'arn:aws:iam::123456789012:role/tenant'
  let here: FunctionProcess
  let ClientId: string
  let result: AuthenticationResultType | undefined
  /** What AWS's verifier accepts: of a sign-in before the pool had the function, and of one after. */
  let plain: { access: Claims; id: Claims }
  let written: { access: Claims; id: Claims }
  let verify: (tokens: AuthenticationResultType | undefined) => Promise<{ access: Claims; id: Claims }>

  before(async () => {
    here = await serverWith(['tenant-tokens.mjs'], () => ({}))
    const UserPoolId = await createPool(here, {
      MfaConfiguration: 'OFF',
      Schema: [{ Name: 'tenant', AttributeDataType: 'String', Mutable: true }],
    })
    ;({ ClientId } = await createClient(here, UserPoolId))
    await createUser(here, UserPoolId, 'ada', {
      email: 'ada@example.com',
      family_name: 'Lovelace',
      'custom:tenant': tenant.id,
    })
    await here.client.send(new CreateGroupCommand({ UserPoolId, GroupName: 'staff' }))
    await here.client.send(
      new AdminAddUserToGroupCommand({ UserPoolId, GroupName: 'staff', Username: 'ada' }),
    )
    const verifier = await verifierAt(here.url, { UserPoolId, ClientId })
    verify = async (tokens) => ({
      access: await verifier('access', tokens?.AccessToken),
      id: await verifier('id', tokens?.IdToken),
    })
    const signedIn = async () => (await signIn(here, UserPoolId, ClientId, 'ada')).AuthenticationResult
    plain = await verify(await signedIn())
    const LambdaArn = functionArnOf('tenant-tokens')
    await here.client.send(
      new UpdateUserPoolCommand({
        UserPoolId,
        LambdaConfig: { PreTokenGenerationConfig: { LambdaArn, LambdaVersion: 'V2_0' } },
      }),
    )
    result = await signedIn()
    written = await verify(result)
  })
  after(() => here?.remove())

  /** Claims that every token has for itself. */
  const own = new Set(['jti', 'origin_jti', 'event_id', 'auth_time', 'iat', 'exp'])
  function changes(before: Claims, after: Claims): Claims {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return Object.fromEntries(
      [...names]
        .filter((name) => !own.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
        .map((name) => [name, after[name]]),
    )
  }
  const groups = { 'cognito:groups': ['staff', 'tenant-blue'] }

  test('changes of the ID token what it may', () => {
    assert.equal(plain.id.family_name, 'Lovelace')
    assert.equal(plain.id.email, 'ada@example.com')
    assert.deepEqual(changes(plain.id, written.id), {
      ...groups,
      'cognito:roles': [role],
      'cognito:preferred_role': role,
      tenant,
      family_name: 'of the tenant',
      email: undefined,
    })
  })

  test('changes of the access token what it may', () => {
    assert.deepEqual(plain.access['cognito:groups'], ['staff'])
    assert.deepEqual(changes(plain.access, written.access), {
      ...groups,
      tenant,
      rights: ['read', 'write'],
      scope: 'orders/read orders/write',
    })
  })

  test('takes away nothing that every token has', () => {
    for (const token of [written.access, written.id]) for (const name of own) assert.ok(token[name], name)
  })

  test('is asked again for every new token', async () => {
    const renewed = await here.client.send(
      new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: result?.RefreshToken }),
    )
    const { access, id } = await verify(renewed.AuthenticationResult)
    assert.deepEqual(changes(written.access, access), {})
    assert.deepEqual(changes(written.id, id), {})
    assert.notEqual(access.jti, written.access.jti)
  })

  test('takes from its user what the scope of old was good for', async () => {
    await assert.rejects(
      here.client.send(new GetUserCommand({ AccessToken: result?.AccessToken })),
      refusal('NotAuthorizedException', 'Access Token does not have required scopes'),
    )
  })
})
