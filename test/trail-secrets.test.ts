/** Every operation is recorded once, and no record holds what must not be seen, whatever is asked and answered. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { operationNames } from '../src/api/names.ts'
import { operations } from '../src/api/registry.ts'
import { cloudTrailRecord } from '../src/domain/cloudtrail.ts'
import type { HttpResponse } from '../src/protocol/aws-json.ts'
import type { Operation } from '../src/protocol/operation.ts'
import { type AnyShape, check, shapeOf } from '../src/protocol/shape.ts'
import { callRaw, startServer, type TestServer } from './harness.ts'
import { inputOf, requestsOf, rightValues } from './right-calls.ts'
import { Side } from './sides.ts'
import { keptTrail } from './trail.ts'
import { validInput } from './valid-input.ts'

/** Members that must not be seen although the model calls nothing in them sensitive. */
const secretMembers = new Set(
  `AnalyticsMetadata ChallengeParameters ClientMetadata Code ConfirmationCode ContextData Destination DeviceName
  DeviceSecretVerifierConfig ExternalId Filter FriendlyDeviceName NextToken PaginationToken PreSignedUrl
  ProviderAttributeValue ProviderDetails`.split(/\s+/),
)

/** Texts that are seen. A member that is new belongs here, or among those that are not. */
const seenMembers = new Set(
  `AcrConfiguration AcrMapping AcrValue AllowedOAuthScopes AllowedScopes ApplicationArn ApplicationId
  Arn AttributeMapping AttributeName Attributes AttributesToGet BlockedIPRangeList BucketArn CSS CSSVersion CallbackURLs
  CallerArn CertificateArn ClientId ClientName ClientSecretId CloudFrontDomain CloudWatchLogsRoleArn CompletionMessage
  ConfigurationSet ConfigurationSetName CreateAuthChallenge CredentialId CustomDomain CustomMessage DefaultRedirectURI
  DefineAuthChallenge Description DeviceGroupKey DeviceKey Domain EmailConfigurationFailure EmailMessage
  EmailMessageByLink EmailSubject EmailSubjectByLink EmailVerificationMessage EmailVerificationSubject EventId From
  GroupName HtmlBody Id Identifier IdpIdentifier IdpIdentifiers ImageUrl InEntityId InTemplateId JobId JobName KMSKeyID
  KmsKeyArn LambdaArn Links LogGroupArn LogoutURLs ManagedLoginBrandingId MaxLength MaxValue Message MinLength MinValue
  Name OriginationIdentity PoolName PostAuthentication PostConfirmation PreAuthentication PreSignUp PreTokenGeneration
  PrimaryRoute53HealthCheckId ProviderAttributeName ProviderName ReadAttributes Region RegionName RelyingPartyId ReplyTo
  ReplyToEmailAddress ResourceArn ResourceId RoleArn SMSMessage ScopeDescription ScopeName Scopes SecondaryRegion
  SessionId SkippedIPRangeList SmsAuthenticationMessage SmsConfigurationFailure SmsMessage SmsVerificationMessage
  SnsCallerArn SnsRegion SourceArn StreamArn Subject SupportedIdentityProviders TagKeys Tags TermsId TermsName TextBody
  TokenType UserAttributeNames UserMigration UserPoolArn UserPoolId UserPoolTags UserSub VerifyAuthChallengeResponse
  WriteAttributes`.split(/\s+/),
)

const isSecret = (name: string, shape: AnyShape) =>
  (shape.sensitive && name !== 'ClientId') ||
  secretMembers.has(name) ||
  shape.kind === 'blob' ||
  shape.kind === 'document'

/** Calls `found` with every text in a value, the member that it is in, and whether it is secret. */
function eachText(
  shape: AnyShape,
  json: unknown,
  found: (text: string, name: string, secret: boolean, shape: AnyShape) => void,
  name = '',
  secret = false,
): void {
  const { member, members = {} } = shape.facts
  if (typeof json === 'string') found(json, name, secret, shape)
  else if (Array.isArray(json)) {
    for (const item of json) eachText(member ?? shape, item, found, name, secret)
  } else if (typeof json === 'object' && json !== null) {
    for (const [step, item] of Object.entries(json)) {
      const declared = members[step]
      const inner = declared === undefined ? (member ?? shape) : shapeOf(declared)
      const hidden = secret || isSecret(declared === undefined ? '' : step, inner)
      eachText(inner, item, found, declared === undefined ? name : step, hidden)
    }
  }
}

/** A copy with other texts in the places of secrets. */
function withSecrets(shape: AnyShape, json: unknown, secretFor: (shape: AnyShape, was: string) => unknown) {
  const change = (shape: AnyShape, json: unknown, secret: boolean): unknown => {
    const { member, members = {} } = shape.facts
    if (typeof json === 'string') return secret ? secretFor(shape, json) : json
    if (Array.isArray(json)) return json.map((item) => change(member ?? shape, item, secret))
    if (typeof json !== 'object' || json === null) return json
    return Object.fromEntries(
      Object.entries(json).map(([name, item]) => {
        const declared = members[name]
        const inner = declared === undefined ? (member ?? shape) : shapeOf(declared)
        const hidden = secret || isSecret(declared === undefined ? '' : name, inner)
        return [name, change(inner, item, hidden)]
      }),
    )
  }
  return change(shape, json, false) as object
}

const markers = ['zq9-marker-zq9', 'zq9markerzq9', '919191', 'zq9+marker@zq9.example', '+15550199199']
const fits = (shape: AnyShape, text: string) => {
  try {
    check(shape, text)
    return true
  } catch {
    return false
  }
}
const marker = (shape: AnyShape) => markers.find((text) => fits(shape, text))

/** Ways to ask an operation for anything with secrets in every place that may hold one. */
const ways: Readonly<Record<string, (shape: AnyShape, was: string) => unknown>> = {
  'right secrets': (shape, was) => marker(shape) ?? was,
  'secrets that are too long': () => 'zq9markerzq9'.repeat(12_000),
  'secrets that are none of the kind': () => ' zq9markerzq9\n',
  'secrets in objects': () => ({ zq9markerzq9: ['zq9markerzq9'] }),
  'secrets in lists': () => ['zq9markerzq9'],
}

const makeTokens = new Set(['GetClientToken', 'GetTokensFromRefreshToken'])
const isLook = ({ name }: Operation) => /^(Admin)?(Describe|Get|List)/.test(name) && !makeTokens.has(name)

/** As a word: ids that are random may hold six digits of a code. */
const whole = (text: string) => {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<!\\w)${escaped}(?!\\w)`)
}

/** Of samples like `a` and `email` nobody can say where they come from. */
const tells = (text: string) => text.length >= 6 && /[^a-z_]/i.test(text)

describe('the trail', () => {
  const trail = keptTrail()
  let server: TestServer
  before(async () => {
    server = await startServer({ site: { iam: 'off' }, trail })
  })
  after(() => server.stop())

  /** Makes a call, and sees that it is recorded once and how. */
  async function recorded(
    operation: Operation,
    input: object,
  ): Promise<{ answer: HttpResponse; text: string }> {
    trail.told()
    const answer = await callRaw(server, operation.name, JSON.stringify(input))
    const events = trail.told()
    const calls = events.filter(({ kind }) => kind === 'operation')
    assert.equal(calls.length, 1)
    const [call] = calls
    assert.ok(call?.kind === 'operation')
    assert.equal(call.operation, operation.name)
    assert.equal(call.requestId, answer.headers['x-amzn-requestid'])
    assert.equal(call.error?.type, answer.status === 200 ? undefined : JSON.parse(answer.body).__type)
    return { answer, text: JSON.stringify([...events, ...events.map(cloudTrailRecord)]) }
  }

  test('knows of every member whether it may be seen', () => {
    const texts = new Set<string>()
    for (const operation of operations.values()) {
      lookThrough(operation.input, '', texts)
      // What is only looked at is not in the record.
      if (!isLook(operation)) lookThrough(operation.output, '', texts)
    }
    assert.deepEqual([...texts].toSorted(), [...seenMembers].toSorted())
  })

  for (const operation of operations.values()) {
    test(`${operation.name} is recorded as ${isLook(operation) ? 'a look' : 'a change'}, without secrets`, async () => {
      const side = await Side.create(server, 'here')
      const { UserPoolId, ClientId } = side
      const given = { UserPoolId, ClientId, Username: await side.user() }
      const right = validInput(operation, given, 'all')
      for (const [way, secretFor] of Object.entries(ways)) {
        const { text } = await recorded(operation, withSecrets(operation.input, right, secretFor))
        for (const one of markers) assert.doesNotMatch(text, whole(one), way)
      }
      for (const request of requestsOf(operation)) {
        const input = inputOf(operation, await rightValues(side, operation, request))
        const { answer, text } = await recorded(operation, input)
        const secrets = new Set<string>()
        const keep = (one: string, _: string, secret: boolean) => secret && secrets.add(one)
        eachText(operation.input, input, keep)
        if (answer.status === 200) eachText(operation.output, JSON.parse(answer.body), keep)
        const [record] = JSON.parse(text).filter(({ kind }: { kind: string }) => kind === 'operation')
        // An attribute and a device tell of these two as well.
        for (const seen of [record.sub, record.source.address]) secrets.delete(seen)
        for (const one of secrets) if (tells(one)) assert.doesNotMatch(text, whole(one))
        assert.equal(record.readOnly, isLook(operation))
        if (isLook(operation)) assert.equal(record.response, null)
      }
    })
  }

  test('and of all of them', () => assert.equal(operations.size, operationNames.size))
})

function lookThrough(shape: AnyShape, name: string, texts: Set<string>): void {
  const { key, member, members = {}, enum: values } = shape.facts
  for (const [step, declared] of Object.entries(members)) {
    const inner = shapeOf(declared)
    if (!isSecret(step, inner)) lookThrough(inner, step, texts)
  }
  for (const inner of [key, member]) if (inner && !inner.sensitive) lookThrough(inner, name, texts)
  if (shape.kind === 'string' && values === undefined) texts.add(name)
}
