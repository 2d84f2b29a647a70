/** The things that a pool has, and the table of members by which an operation is told of one. */
import type { UserPoolId as PoolId } from '../src/domain/ids.ts'
import { feedbackTokenFor } from '../src/flows/auth-events.ts'
import { Authenticator } from './authenticator.ts'
import { appCode } from './factors.ts'
import { password } from './fixtures.ts'
import type { Answer, Side } from './sides.ts'
import { newDeviceSecret } from './srp-client.ts'

/** A kind of thing: how one of a pool is named, and how one would be that nobody has. */
export interface Thing {
  readonly of: (side: Side, operation: string) => Promise<unknown>
  readonly absent: unknown
  /** The operation that makes one: without it there is none of them. */
  readonly madeBy?: string
}

const aUser: Thing = { of: (side) => side.user(), absent: 'nobody' }
const users: readonly Thing[] = [
  aUser,
  { of: async (side) => subOf(side), absent: '01234567-89ab-4cde-8f01-23456789abcd' },
  { of: async (side) => `${await side.user()}@example.com`, absent: 'nobody@example.com' },
]
async function subOf(side: Side): Promise<string> {
  const { UserAttributes } = await side.ask('AdminGetUser', { Username: await side.user() })
  return UserAttributes.find(({ Name }: { Name: string }) => Name === 'sub').Value
}

const aClient: Thing = { of: async (side) => side.ClientId, absent: 'absentabsentabsentabsent00' }
const aGroup: Thing = {
  of: (side) =>
    side.once('group', async () => {
      await side.ask('CreateGroup', { GroupName: `${side.name}-group` })
      return `${side.name}-group`
    }),
  absent: 'nobodys-group',
}

/** A device of the user, confirmed or still to be. */
const device = (confirmed: boolean): Thing => ({
  of: (side) => side.once(`device ${confirmed}`, () => newDevice(side, confirmed)),
  absent: 'us-east-1_01234567-89ab-4cde-8f01-23456789abcd',
})

async function newDevice(side: Side, confirmed: boolean): Promise<string> {
  const { AccessToken } = await side.tokens()
  const { DeviceKey, DeviceGroupKey } = (await side.signIn()).AuthenticationResult.NewDeviceMetadata
  if (confirmed) {
    const { DeviceSecretVerifierConfig } = newDeviceSecret(DeviceGroupKey, DeviceKey)
    await side.ask('ConfirmDevice', { AccessToken, DeviceKey, DeviceSecretVerifierConfig })
  }
  return DeviceKey
}

/** The device that a refresh token was given to. */
const deviceOfTokens: Thing = {
  of: async (side) => (await side.tokens()).NewDeviceMetadata.DeviceKey,
  absent: device(true).absent,
}

const refreshToken: Thing = { of: async (side) => (await side.tokens()).RefreshToken, absent: 'made.up' }
const noSession = Buffer.alloc(68, 7).toString('base64url')

/** A sign-in that waits for a new password. Each call has one of its own: whoever answers has used it. */
const pendingSession: Thing = {
  async of(side) {
    const Username = await temporaryUser(side)
    const AuthParameters = { USERNAME: Username, PASSWORD: password }
    return (await side.ask('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })).Session
  },
  absent: noSession,
}
const temporaryUser = (side: Side) =>
  side.once('temporary', async () => {
    const Username = await side.user('temporary')
    await side.ask('AdminSetUserPassword', { Username, Password: password, Permanent: false })
    return Username
  })

/** Somebody who has signed up; the code is in the mail. */
const signedUp = (side: Side) =>
  side.once('signed up', async () => {
    const Username = `${side.name}-signed-up`
    const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }]
    const { Session } = await side.ask('SignUp', { Username, Password: password, UserAttributes })
    return { Username, Session, code: await side.code() }
  })

/** The session of a sign-up that is confirmed: a whole sign-in, once. */
const signUpSession: Thing = {
  async of(side) {
    const Username = side.server.app.random.uuid()
    const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }]
    const { Session } = await side.ask('SignUp', { Username, Password: password, UserAttributes })
    const ConfirmationCode = await side.code()
    return (await side.ask('ConfirmSignUp', { Username, Session, ConfirmationCode })).Session
  },
  absent: noSession,
}

/** The code that an operation sends. */
const code = (operation: string, input: (side: Side) => Promise<object>): Thing => ({
  of: (side) =>
    side.once(operation, async () => {
      await side.ask(operation, await input(side))
      return side.code()
    }),
  absent: '000000',
})

const event: Thing = {
  of: (side) =>
    side.once('event', async () => {
      await side.tokens()
      const { AuthEvents } = await side.ask('AdminListUserAuthEvents', { Username: await side.user() })
      return AuthEvents[0].EventId
    }),
  absent: '01234567-89ab-4cde-8f01-23456789abcd',
}

/** Another session than the one whose token asks: that may not be revoked. */
const session: Thing = {
  of: (side) =>
    side.once('session', async () => {
      const { AccessToken } = await side.tokens()
      await side.signIn()
      const { Sessions } = await side.ask('ListUserSessions', { AccessToken })
      return Sessions.find(({ IsCurrentSession }: { IsCurrentSession: boolean }) => !IsCurrentSession)
        .SessionId
    }),
  absent: '01234567-89ab-4cde-8f01-23456789abcd',
}

async function passkey(side: Side): Promise<string> {
  const { AccessToken } = await side.tokens()
  const authenticator = new Authenticator()
  const { CredentialCreationOptions } = await side.ask('StartWebAuthnRegistration', { AccessToken })
  const Credential = authenticator.register(CredentialCreationOptions)
  await side.ask('CompleteWebAuthnRegistration', { AccessToken, Credential })
  return authenticator.credentialId
}

const bearer = async (side: Side) => ({ AccessToken: (await side.tokens()).AccessToken })

/** A client that is somebody by itself. */
const machine = (side: Side): Promise<{ ClientId: string; ClientSecret: string }> =>
  side.once('machine', async () => {
    const { UserPoolClient } = await side.ask('CreateUserPoolClient', {
      ClientName: 'machine',
      GenerateSecret: true,
      ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH'],
    })
    return UserPoolClient
  })

const aMachine: Thing = { of: async (side) => (await machine(side)).ClientId, absent: aClient.absent }

/** What an authenticator makes of a registration that this side has begun. */
const credential: Thing = {
  of: (side) =>
    side.once('credential', async () => {
      const { AccessToken } = await side.tokens()
      const { CredentialCreationOptions } = await side.ask('StartWebAuthnRegistration', { AccessToken })
      return new Authenticator().register(CredentialCreationOptions)
    }),
  absent: new Authenticator().register({
    challenge: Buffer.alloc(32, 7).toString('base64url'),
    rp: { id: 'example.com' },
  }),
}

/** A thing that an operation makes, and names in its answer. */
const made = (
  operation: string,
  input: (side: Side) => object | Promise<object>,
  id: (answer: Answer) => unknown,
  absent: unknown,
): Thing => ({
  async of(side) {
    const given = await input(side)
    return id({ ...given, ...(await side.once(operation, () => side.ask(operation, given))) })
  },
  absent,
  madeBy: operation,
})

const noId = '01234567-89ab-4cde-8f01-23456789abcd'
const provider = (side: Side) => ({
  ProviderName: `${side.name}-idp`,
  ProviderType: 'OIDC',
  ProviderDetails: {
    client_id: 'cognate',
    client_secret: 'secret',
    attributes_request_method: 'GET',
    oidc_issuer: 'https://idp.example.com',
    authorize_url: 'https://idp.example.com/authorize',
    token_url: 'https://idp.example.com/token',
    attributes_url: 'https://idp.example.com/userinfo',
    jwks_uri: 'https://idp.example.com/jwks',
    authorize_scopes: 'openid',
  },
  IdpIdentifiers: [`${side.name}.example.com`],
})

const resourceServer = ({ name }: Side) => ({
  Identifier: `https://${name}.example.com`,
  Name: name,
  Scopes: [{ ScopeName: 'read', ScopeDescription: 'reads' }],
})

export const aDomain: Thing = made(
  'CreateUserPoolDomain',
  ({ name, ClientId }) => ({ Domain: `${name}-${ClientId}` }),
  ({ Domain }) => Domain,
  'nobodys-domain',
)

const twoDevices = (side: Side) =>
  side.once('two devices', async () => [await newDevice(side, true), await newDevice(side, true)])

const twoGroups = (side: Side) =>
  side.once('two groups', async () => {
    const Username = await side.user()
    for (const GroupName of ['one', 'two'].map((name) => `${side.name}-${name}`)) {
      await side.ask('CreateGroup', { GroupName })
      await side.ask('AdminAddUserToGroup', { Username, GroupName })
    }
  })

/** A second of what lists show, so that there is a page behind the first. */
export const seconds: Readonly<Record<string, (side: Side) => Promise<unknown>>> = {
  AdminListDevices: twoDevices,
  ListDevices: twoDevices,
  AdminListGroupsForUser: twoGroups,
  ListGroups: twoGroups,
  AdminListUserAuthEvents: async (side) => [await side.tokens(), await side.signIn()],
  ListUserPoolClients: (side) => side.ask('CreateUserPoolClient', { ClientName: 'second' }),
  ListUsers: async (side) => [await side.user(), await side.user('second')],
  async ListUsersInGroup(side) {
    const GroupName = await aGroup.of(side, 'ListUsersInGroup')
    for (const Username of [await side.user(), await side.user('second')])
      await side.ask('AdminAddUserToGroup', { Username, GroupName })
  },
  ListWebAuthnCredentials: async (side) => [await passkey(side), await passkey(side)],
}

/** The token of a listing's second page; of lists that never have one, that of another list. */
const pageToken: Thing = {
  of: (side, operation) =>
    side.once(`page of ${operation}`, async () => {
      const listing = operation in seconds ? operation : 'ListUsers'
      await seconds[listing]?.(side)
      const { AccessToken } = await side.tokens()
      const input = { Username: await side.user(), GroupName: `${side.name}-group`, AccessToken }
      const { NextToken, PaginationToken } = await side.ask(listing, { ...input, MaxResults: 1, Limit: 1 })
      const token: string | undefined = NextToken ?? PaginationToken
      if (token === undefined) throw new Error(`${listing} has no second page`)
      return token
    }),
  absent: 'made-up',
}

/**
 * By member, or by operation and member where one means something of its own. A dot leads into a structure or a map, a
 * number into a list.
 */
export const things: Readonly<Record<string, Thing | readonly Thing[]>> = {
  UserPoolId: { of: async (side) => side.UserPoolId, absent: 'us-east-1_Absent123' },
  ResourceArn: {
    of: async (side) => `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${side.UserPoolId}`,
    absent: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Absent123',
  },
  AccessToken: { of: async (side) => (await side.tokens()).AccessToken, absent: 'made.up' },
  ClientId: aClient,
  Username: users,
  GroupName: aGroup,
  DeviceKey: device(true),
  RefreshToken: refreshToken,
  Token: refreshToken,
  Session: pendingSession,
  SessionId: session,
  EventId: event,
  CredentialId: { of: (side) => side.once('passkey', () => passkey(side)), absent: 'bm9ib2R5cw' },
  Credential: credential,
  NextToken: pageToken,
  PaginationToken: pageToken,
  FeedbackToken: {
    of: async (side) =>
      feedbackTokenFor(
        side.server.app,
        side.UserPoolId as PoolId,
        await side.user(),
        (await event.of(side, '')) as string,
      ).reveal(),
    absent: 'made.up',
  },
  ClientSecretId: made(
    'AddUserPoolClientSecret',
    async (side) => ({ ClientId: (await machine(side)).ClientId }),
    ({ ClientSecretDescriptor }) => ClientSecretDescriptor.ClientSecretId,
    'absentabsentabsentabsent00--1795435200000',
  ),
  Secret: {
    of: async (side) => (await machine(side)).ClientSecret,
    absent: 'a_secret_that_nobody_was_given',
  },
  'GetClientToken.ClientId': aMachine,
  'DeleteUserPoolClientSecret.ClientId': aMachine,
  'GetTokensFromRefreshToken.DeviceKey': deviceOfTokens,
  'AuthParameters.DEVICE_KEY': deviceOfTokens,
  UserCode: {
    of: (side) =>
      side.once('app', async () => {
        const { SecretCode } = await side.ask('AssociateSoftwareToken', await bearer(side))
        return appCode(side.server, SecretCode)
      }),
    absent: '000000',
  },
  Code: code('GetUserAttributeVerificationCode', async (side) => ({
    ...(await bearer(side)),
    AttributeName: 'email',
  })),
  'ConfirmForgotPassword.ConfirmationCode': code('ForgotPassword', async (side) => ({
    Username: await side.user(),
  })),
  'ConfirmSignUp.ConfirmationCode': { of: async (side) => (await signedUp(side)).code, absent: '000000' },
  'ConfirmSignUp.Username': { of: async (side) => (await signedUp(side)).Username, absent: 'nobody' },
  'ConfirmSignUp.Session': { of: async (side) => (await signedUp(side)).Session, absent: noSession },
  'AdminConfirmSignUp.Username': { of: async (side) => (await signedUp(side)).Username, absent: 'nobody' },
  'ResendConfirmationCode.Username': {
    of: async (side) => (await signedUp(side)).Username,
    absent: 'nobody',
  },
  'ConfirmDevice.DeviceKey': device(false),
  'AuthParameters.USERNAME': users,
  'AuthParameters.REFRESH_TOKEN': refreshToken,
  'ChallengeResponses.USERNAME': { of: temporaryUser, absent: 'nobody' },
  'InitiateAuth.Session': signUpSession,
  'AdminInitiateAuth.Session': signUpSession,

  // ---- of the pool's own resources
  ProviderName: made('CreateIdentityProvider', provider, ({ ProviderName }) => ProviderName, 'nobodys-idp'),
  IdpIdentifier: made(
    'CreateIdentityProvider',
    provider,
    ({ IdpIdentifiers }) => IdpIdentifiers[0],
    'nobody.example.com',
  ),
  'DestinationUser.ProviderAttributeValue': aUser,
  'User.ProviderAttributeValue': aUser,
  SupportedIdentityProviders: made('CreateIdentityProvider', provider, ({ ProviderName }) => [ProviderName], [
    'nobodys-idp',
  ]),
  Identifier: made(
    'CreateResourceServer',
    resourceServer,
    ({ Identifier }) => Identifier,
    'https://nobody.example.com',
  ),
  AllowedOAuthScopes: made(
    'CreateResourceServer',
    resourceServer,
    ({ Identifier }) => [`${Identifier}/read`],
    ['https://nobody.example.com/read'],
  ),
  ManagedLoginBrandingId: made(
    'CreateManagedLoginBranding',
    () => ({ UseCognitoProvidedValues: true }),
    ({ ManagedLoginBranding }) => ManagedLoginBranding.ManagedLoginBrandingId,
    noId,
  ),
  TermsId: made(
    'CreateTerms',
    () => ({
      TermsName: 'terms-of-use',
      TermsSource: 'LINK',
      Enforcement: 'NONE',
      Links: { 'cognito:default': 'https://example.com/terms' },
    }),
    ({ Terms }) => Terms.TermsId,
    noId,
  ),
  JobId: made(
    'CreateUserImportJob',
    (side) => ({ JobName: side.name, CloudWatchLogsRoleArn: 'arn:aws:iam::123456789012:role/logs' }),
    ({ UserImportJob }) => UserImportJob.JobId,
    'import-nobodys000',
  ),
  Domain: aDomain,
}
