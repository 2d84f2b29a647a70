import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClientSettings, TimeUnit } from './client.ts'
import { type ClientSettingsRequest, clientSettings } from './client-settings.ts'
import { Fault } from './faults.ts'
import type { UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'
import { resolveSettings } from './pool-settings.ts'
import { createSchema } from './schema.ts'

const pool: Pool = {
  id: 'us-east-1_Abc123456' as UserPoolId,
  region: 'us-east-1',
  name: 'test',
  createdAt: 0,
  modifiedAt: 0,
  version: 1,
  schema: createSchema([]),
  identity: { caseSensitive: true, caseSensitivityStated: false },
  settings: resolveSettings({}, 'us-east-1'),
  mfa: { sms: false },
  tags: {},
}

/** What a request is refused with, or nothing. */
function refusalOf(request: Partial<ClientSettingsRequest>, hasSecret = false): string | undefined {
  try {
    clientSettings(pool, { ClientName: 'test', ...request }, hasSecret, new Set())
    return undefined
  } catch (error) {
    assert.ok(error instanceof Fault)
    return error.message
  }
}

type Token = 'AccessToken' | 'IdToken' | 'RefreshToken'
const lasting = (token: Token, count: number, unit: TimeUnit): Partial<ClientSettings> => ({
  // Long enough, and short enough, for the other two.
  AccessTokenValidity: 5,
  IdTokenValidity: 5,
  RefreshTokenValidity: 1,
  [`${token}Validity`]: count,
  TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days', [token]: unit },
})

describe('tokens may live', () => {
  for (const token of ['AccessToken', 'IdToken'] as const) {
    for (const [unit, least, most] of [
      ['seconds', 300, 86_400],
      ['minutes', 5, 1440],
      ['hours', 1, 24],
      ['days', 1, 1],
    ] as const) {
      test(`${token}: ${least} to ${most} ${unit}`, () => {
        assert.equal(refusalOf(lasting(token, least, unit)), undefined)
        assert.equal(refusalOf(lasting(token, most, unit)), undefined)
        assert.equal(refusalOf(lasting(token, most + 1, unit)), 'Invalid range for token validity.')
        if (least > 1)
          assert.equal(refusalOf(lasting(token, least - 1, unit)), 'Invalid range for token validity.')
      })
    }
  }

  for (const [unit, least, most] of [
    ['seconds', 3600, 315_360_000],
    ['minutes', 60, 5_256_000],
    ['hours', 1, 87_600],
    ['days', 1, 3650],
  ] as const) {
    test(`RefreshToken: ${least} to ${most} ${unit}`, () => {
      assert.equal(refusalOf(lasting('RefreshToken', least, unit)), undefined)
      assert.equal(refusalOf(lasting('RefreshToken', most, unit)), undefined)
      assert.equal(refusalOf(lasting('RefreshToken', most + 1, unit)), 'Invalid range for token validity.')
      if (least > 1)
        assert.equal(refusalOf(lasting('RefreshToken', least - 1, unit)), 'Invalid range for token validity.')
    })
  }

  for (const [access, id, refused] of [
    [60, 60, false],
    [61, 60, true],
    [60, 61, true],
  ] as const) {
    test(`${access} and ${id} minutes, where refresh tokens live an hour`, () =>
      assert.equal(
        refusalOf({
          AccessTokenValidity: access,
          IdTokenValidity: id,
          RefreshTokenValidity: 1,
          TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'hours' },
        }),
        refused
          ? 'Access and Id Token expiration times must be less than or equal to refresh token expiration times.'
          : undefined,
      ))
  }
})

describe('a redirect may be', () => {
  const insecure = (uri: string) => `${uri} cannot use the HTTP protocol.`
  const malformed = (uri: string) => `${uri} is not a valid redirect URI.`
  for (const [uri, refused] of [
    ['https://example.com', undefined],
    ['https://example.com/a?b=c', undefined],
    ['http://localhost', undefined],
    ['http://localhost:3000/a', undefined],
    ['http://127.0.0.1:3000', undefined],
    ['http://[::1]:3000', undefined],
    ['myapp://back', undefined],
    ['com.example.app:/back', undefined],
    ['http://example.com', insecure('http://example.com')],
    ['http://localhost.example.com', insecure('http://localhost.example.com')],
    ['HTTP://example.com', insecure('HTTP://example.com')],
    ['https://example.com/#', 'https://example.com/# cannot use fragment'],
    ['example.com', malformed('example.com')],
    ['/back', malformed('/back')],
    ['https://', malformed('https://')],
  ] as const) {
    test(`${uri}: ${refused ?? 'yes'}`, () => {
      assert.equal(refusalOf({ CallbackURLs: [uri] }), refused)
      assert.equal(refusalOf({ LogoutURLs: [uri] }), refused)
    })
  }
})

describe('analytics are', () => {
  const ApplicationArn =
    'arn:aws:mobiletargeting:us-east-1:123456789012:apps/d70b2ba36a8c4dc5a04a0451a31a1e12'
  const RoleArn = 'arn:aws:iam::123456789012:role/analytics'
  const [ApplicationId, ExternalId] = ['0a', 'x']
  for (const [configuration, good] of [
    [{ ApplicationArn }, true],
    [{ ApplicationId, RoleArn, ExternalId }, true],
    [{}, false],
    [{ ApplicationId }, false],
    [{ ApplicationId, RoleArn }, false],
    [{ ApplicationId, ExternalId }, false],
    [{ RoleArn, ExternalId }, false],
    [{ ApplicationArn, ApplicationId }, false],
    [{ ApplicationArn, ExternalId }, false],
    [{ ApplicationArn, ApplicationId, RoleArn, ExternalId }, false],
  ] as const) {
    test(`${good ? 'complete' : 'not complete'} with ${Object.keys(configuration)}`, () =>
      assert.equal(
        refusalOf({ AnalyticsConfiguration: configuration }),
        good
          ? undefined
          : 'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid',
      ))
  }
})
