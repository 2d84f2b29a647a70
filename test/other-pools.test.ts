/**
 * What belongs to one pool is nothing to another: an operation that is told of it here says what it says of what nobody has,
 * and changes nothing there. For every operation of the registry and every member that names a thing.
 */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { operations } from '../src/api/registry.ts'
import { shapeOf } from '../src/protocol/shape.ts'
import { callRaw, onEachStore, type TestServer } from './harness.ts'
import { allRows, type Row } from './places.ts'
import { inputOf, namingMembers, requestsOf, rightValues, thingsOf, type Values } from './right-calls.ts'
import { Side } from './sides.ts'

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
        for (const request of requestsOf(operation)) {
          const { besides = {}, members = namingMembers(operation) } = request
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
              const shown = Object.values(values)
                .flat()
                .map((value) => JSON.stringify(value).slice(1, -1))
                .toSorted((a, b) => b.length - a.length)
                .reduce<string>((text, value) => text.replaceAll(value, '…'), body)
              return { status, body: shown }
            }
            /** Of each call its own: sessions are used up. */
            const right = () => rightValues(here, operation, request)

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
