/**
 * What belongs to one pool is nothing to another: an operation that is told of it here says what it says of what nobody has,
 * and changes nothing there. For every operation of the registry and every member that names a thing.
 */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { operations } from '../src/api/registry.ts'
import type { Operation } from '../src/protocol/operation.ts'
import { shapeOf } from '../src/protocol/shape.ts'
import { password } from './fixtures.ts'
import { callRaw, onEachStore, type TestServer } from './harness.ts'
import { allRows, type Row } from './places.ts'
import { Side } from './sides.ts'
import { type Thing, things } from './things.ts'
import { validInput } from './valid-input.ts'

/** The member that says which pool a call is about, whatever else it names. The first that an operation has. */
const roots = ['UserPoolId', 'ResourceArn', 'AccessToken', 'ClientId']

/** Members that name nothing a pool has: settings, texts, what is new, and what proves the name beside it. */
const namesNothing = new Set(
  `AccountRecoverySetting AccountTakeoverRiskConfiguration AcrConfiguration AcrMapping AdminCreateUserConfig AliasAttributes
  AllowedOAuthFlows AnalyticsConfiguration AnalyticsMetadata Assets AttributeMapping AttributeName
  AttributesToGet AuthParameters AutoVerifiedAttributes CSS CallbackURLs ChallengeResponses ClientMetadata ClientName
  ClientSecret CloudWatchLogsRoleArn CompromisedCredentialsRiskConfiguration ContextData CustomAttributes CustomDomainConfig
  DcrConfiguration DefaultRedirectURI Description DesiredDeliveryMediums DestinationUser DeviceConfiguration DeviceName
  DeviceSecretVerifierConfig EmailConfiguration EmailMfaConfiguration EmailMfaSettings EmailVerificationMessage
  EmailVerificationSubject ExplicitAuthFlows Filter FriendlyDeviceName IdpIdentifiers ImageFile IssuerConfiguration JobName
  KeyConfiguration LambdaConfig LimitDefinition Links LogConfigurations LogoutURLs MFAOptions Name Password Policies PoolName
  PreviousPassword ProposedPassword ProviderDetails ReadAttributes RefreshTokenRotation RegionName RiskExceptionConfiguration
  RoleArn Routing SMSMfaSettings SSOSession Schema Scopes SecretHash Settings SmsAuthenticationMessage SmsConfiguration
  SmsMfaConfiguration SmsVerificationMessage SoftwareTokenMfaConfiguration SoftwareTokenMfaSettings SourceUser
  TagKeys Tags TemporaryPassword TermsName TokenSession TokenValidityUnits User
  UserAttributeNames UserAttributeUpdateSettings UserAttributes UserContextData UserPoolAddOns UserPoolTags UsernameAttributes
  UsernameConfiguration ValidationData VerificationMessageTemplate WebAuthnConfiguration WebAuthnMfaSettings
  WriteAttributes`.split(/\s+/),
)

/** What an operation must be told besides, in order to do its work. A dot leads into a map. */
interface Request {
  readonly besides?: Readonly<Record<string, unknown>>
  /** The members that name a thing, where those on top are not all or too many. */
  readonly members?: readonly string[]
}

const email = { AttributeName: 'email' }
const newPassword = { Password: 'Another-horse-9' }
const byPassword = { 'AuthParameters.PASSWORD': password }
const byName = ['UserPoolId', 'ClientId', 'AuthParameters.USERNAME']
const byRefresh = ['UserPoolId', 'ClientId', 'AuthParameters.REFRESH_TOKEN', 'AuthParameters.DEVICE_KEY']
const byAnswer = ['UserPoolId', 'ClientId', 'Session', 'ChallengeResponses.USERNAME']
const answer = {
  besides: {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    'ChallengeResponses.NEW_PASSWORD': 'Another-horse-9',
  },
  members: byAnswer,
}
const sourceUser = {
  'SourceUser.ProviderName': 'Google',
  'SourceUser.ProviderAttributeName': 'Cognito_Subject',
  'SourceUser.ProviderAttributeValue': '1234',
  'DestinationUser.ProviderName': 'Cognito',
}

const oauth = {
  AllowedOAuthFlows: ['code'],
  AllowedOAuthFlowsUserPoolClient: true,
  CallbackURLs: ['https://example.com/back'],
}

const requests: Readonly<Record<string, readonly Request[]>> = {
  AdminCreateUser: [{ besides: { MessageAction: 'SUPPRESS' } }],
  AdminDisableProviderForUser: [
    {
      besides: { 'User.ProviderName': 'Cognito', 'User.ProviderAttributeName': 'x' },
      members: ['UserPoolId', 'User.ProviderAttributeValue'],
    },
  ],
  AdminLinkProviderForUser: [
    { besides: sourceUser, members: ['UserPoolId', 'DestinationUser.ProviderAttributeValue'] },
  ],
  AdminInitiateAuth: [
    { besides: { AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', ...byPassword }, members: byName },
    { besides: { AuthFlow: 'REFRESH_TOKEN_AUTH' }, members: byRefresh },
  ],
  AdminRespondToAuthChallenge: [answer],
  AdminSetUserPassword: [{ besides: newPassword }],
  AdminUpdateUserAttributes: [{ besides: { UserAttributes: [{ Name: 'name', Value: 'Ada' }] } }],
  AssociateSoftwareToken: [{ members: ['AccessToken'] }],
  ConfirmForgotPassword: [{ besides: newPassword }],
  CreateUserPoolClient: [{ besides: oauth }],
  UpdateUserPoolClient: [{ besides: oauth }],
  ConfirmDevice: [
    {
      besides: {
        'DeviceSecretVerifierConfig.Salt': 'YWJj',
        'DeviceSecretVerifierConfig.PasswordVerifier': 'YWJj',
      },
    },
  ],
  GetUserAttributeVerificationCode: [{ besides: email }],
  InitiateAuth: [
    { besides: { AuthFlow: 'USER_PASSWORD_AUTH', ...byPassword }, members: byName.slice(1) },
    { besides: { AuthFlow: 'REFRESH_TOKEN_AUTH' }, members: byRefresh.slice(1) },
    { besides: { AuthFlow: 'USER_AUTH' }, members: ['ClientId', 'Session'] },
  ],
  RespondToAuthChallenge: [{ ...answer, members: byAnswer.slice(1) }],
  SignUp: [{ besides: newPassword }],
  VerifySoftwareToken: [{ members: ['AccessToken', 'UserCode'] }],
  VerifyUserAttribute: [{ besides: email }],
}

/** Where a name of another pool's is as good as a new one, and the call is answered. */
const makes = new Set([
  'AdminCreateUser.Username',
  'CreateGroup.GroupName',
  'CreateIdentityProvider.ProviderName',
  'CreateResourceServer.Identifier',
  'SignUp.Username',
])

/** Where even what is there is answered so, and why. */
const answeredAlike = new Set([
  // A token that nobody knows is revoked already.
  'RevokeToken.Token',
])

/** Names that all pools share: one that is taken there is taken. */
const ofAllPools = new Set(['CreateUserPoolDomain.Domain'])

/** Members that name a page. */
const ofAPage = new Set(['NextToken', 'PaginationToken'])

/** What an operation's member names: one thing, or one that goes by several names. */
function thingsOf(operation: string, member: string): readonly Thing[] | undefined {
  const found = things[`${operation}.${member}`] ?? things[member]
  return found === undefined ? undefined : ([found].flat() as Thing[])
}

/** None of them can be there while nothing makes them. */
const canBe = ({ madeBy }: Thing) => madeBy === undefined || operations.has(madeBy)

/** The members on top that name a thing. */
const namingMembers = (operation: Operation): string[] =>
  Object.keys(operation.input.facts.members ?? {}).filter((member) =>
    thingsOf(operation.name, member)?.every(canBe),
  )

type Values = Readonly<Record<string, unknown>>

/** An input of members and of paths into them. */
function inputOf(operation: Operation, values: Values): object {
  const given: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(values)) {
    const [member = '', inner] = path.split('.')
    given[member] = inner === undefined ? value : { ...(given[member] as object), [inner]: value }
  }
  return validInput(operation, given)
}

async function rowsOf(server: TestServer, poolId: string): Promise<Map<string, Row[]>> {
  const rows = await allRows(server)
  return new Map(
    [...rows].map(([table, all]) => [
      table,
      all.filter((row) => row.pool_id === poolId || row.id === poolId),
    ]),
  )
}

describe('what is of another pool', () => {
  test('every member names a thing of the table, or nothing', () => {
    const unknown = [...operations.values()].flatMap((operation) =>
      Object.entries(operation.input.facts.members ?? {})
        .filter(([_, member]) => {
          const { kind, facts } = shapeOf(member)
          return !['boolean', 'integer', 'long', 'timestamp', 'blob'].includes(kind) && !facts.enum
        })
        .map(([member]) => member)
        .filter((member) => !thingsOf(operation.name, member) && !namesNothing.has(member))
        .map((member) => `${operation.name}.${member}`),
    )
    assert.deepEqual(unknown, [], 'say in test/things.ts what it names, or here that it names nothing')
  })

  onEachStore(
    (server) => {
      let there: Side
      before(async () => {
        there = await Side.create(server(), 'there')
      })

      for (const operation of operations.values()) {
        for (const { besides = {}, members = namingMembers(operation) } of requests[operation.name] ?? [{}]) {
          const root = roots.find((name) => members.includes(name))
          const others = members.filter((member) => member !== root)
          if (root === undefined || others.length === 0) continue

          const about = [operation.name, besides.AuthFlow].filter(Boolean).join(', ')
          test(`${about}: ${others.join(', ')}`, async () => {
            const here = await Side.create(server(), 'here')
            const ask = async (values: Values) => {
              const { status, body } = await callRaw(
                server(),
                operation.name,
                JSON.stringify(inputOf(operation, values)),
              )
              const shown = Object.values(values).reduce<string>(
                (text, value) => text.replaceAll(JSON.stringify(value).slice(1, -1), '…'),
                body,
              )
              return { status, body: shown }
            }
            /** Of each call its own: sessions are used up. Of a list, the first page. */
            const right = async (): Promise<Record<string, unknown>> => {
              const values: Record<string, unknown> = { ...besides }
              for (const member of members.filter((member) => !ofAPage.has(member)))
                values[member] = await thingsOf(operation.name, member)?.[0]?.of(here, operation.name)
              return values
            }

            const refusals = new Map<string, string>()
            const compare = async (name: string, theirs: Values, absent: Values) => {
              const before = await rowsOf(server(), there.UserPoolId)
              const [found, missing] = [
                await ask({ ...(await right()), ...theirs }),
                await ask({ ...(await right()), ...absent }),
              ]
              assert.deepEqual(
                await rowsOf(server(), there.UserPoolId),
                before,
                `${name} changes what is there`,
              )
              const label = `${operation.name}.${name}`
              if (ofAllPools.has(label)) return
              if (makes.has(label)) assert.deepEqual(found.status, missing.status, label)
              else {
                assert.deepEqual(found, missing, label)
                if (!answeredAlike.has(label)) assert.equal(found.status, 400, `${label} is answered`)
                refusals.set(label, missing.body)
              }
            }

            const all: [theirs: Record<string, unknown>, absent: Record<string, unknown>] = [{}, {}]
            for (const member of others) {
              for (const thing of thingsOf(operation.name, member) ?? []) {
                const theirs = { [member]: await thing.of(there, operation.name) }
                const absent = { [member]: thing.absent }
                await compare(member, theirs, absent)
                Object.assign(all[0], theirs)
                Object.assign(all[1], absent)
              }
            }
            const makesAny = others.some((member) => makes.has(`${operation.name}.${member}`))
            if (others.length > 1 && !makesAny) await compare(others.join(', '), ...all)

            // Were all of it right, the answer would be another: it is these members that were refused.
            const { body } = await ask(await right())
            for (const [label, refusal] of refusals)
              if (!answeredAlike.has(label)) assert.notEqual(body, refusal, `${label} is refused here too`)
          })
        }
      }
    },
    { site: { iam: 'off' } },
  )
})
