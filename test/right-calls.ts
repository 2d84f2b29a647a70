/** What every operation must be told in order to do its work, of a pool that has one of everything. */
import { operations } from '../src/api/registry.ts'
import type { Operation } from '../src/protocol/operation.ts'
import { password } from './fixtures.ts'
import type { Side } from './sides.ts'
import type { Thing } from './thing.ts'
import { aDomain, things } from './things.ts'
import { validInput } from './valid-input.ts'

/** What an operation must be told besides, in order to do its work. A dot leads into a map. */
export interface Request {
  readonly besides?: Readonly<Record<string, unknown>>
  /** What must be there first. */
  readonly first?: Thing
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
const oauth = {
  AllowedOAuthFlows: ['code'],
  AllowedOAuthFlowsUserPoolClient: true,
  CallbackURLs: ['https://example.com/back'],
}

const requests: Readonly<Record<string, readonly Request[]>> = {
  AdminCreateUser: [{ besides: { MessageAction: 'SUPPRESS' } }],
  AdminDisableProviderForUser: [
    {
      besides: { 'User.ProviderAttributeName': 'Cognito_Subject' },
      members: ['UserPoolId', 'User.ProviderName', 'User.ProviderAttributeValue'],
    },
  ],
  AdminLinkProviderForUser: [
    {
      besides: {
        'DestinationUser.ProviderName': 'Cognito',
        'SourceUser.ProviderAttributeName': 'Cognito_Subject',
        'SourceUser.ProviderAttributeValue': '1234',
      },
      members: ['UserPoolId', 'DestinationUser.ProviderAttributeValue', 'SourceUser.ProviderName'],
    },
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
  GetUICustomization: [{ first: aDomain }],
  SetUICustomization: [{ first: aDomain }],
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

export const requestsOf = ({ name }: Operation): readonly Request[] => requests[name] ?? [{}]

/** Members that name a page. */
const ofAPage = new Set(['NextToken', 'PaginationToken'])

/** What an operation's member names: one thing, or one that goes by several names. */
export function thingsOf(operation: string, member: string): readonly Thing[] | undefined {
  const found = things[`${operation}.${member}`] ?? things[member]
  return found === undefined ? undefined : ([found].flat() as Thing[])
}

/** None of them can be there while nothing makes them. */
const canBe = ({ madeBy }: Thing) => madeBy === undefined || operations.has(madeBy)

/** The members on top that name a thing. */
export const namingMembers = (operation: Operation): string[] =>
  Object.keys(operation.input.facts.members ?? {}).filter((member) =>
    thingsOf(operation.name, member)?.every(canBe),
  )

export type Values = Readonly<Record<string, unknown>>

/** An input of members and of paths into them. */
export function inputOf(operation: Operation, values: Values): object {
  const given: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(values)) {
    const [member = '', inner] = path.split('.')
    given[member] = inner === undefined ? value : { ...(given[member] as object), [inner]: value }
  }
  return validInput(operation, given)
}

/** Every member that names a thing, named right, and what must be said besides. Of a list it is the first page. */
export async function rightValues(side: Side, operation: Operation, request: Request): Promise<Values> {
  const { besides = {}, first, members = namingMembers(operation) } = request
  await first?.of(side, operation.name)
  const values: Record<string, unknown> = { ...besides }
  for (const member of members.filter((member) => !ofAPage.has(member)))
    values[member] = await thingsOf(operation.name, member)?.[0]?.of(side, operation.name)
  return values
}
