/** The things that a pool has, and the table of members by which an operation is told of one. */
import type { UserPoolId as PoolId } from '../src/domain/ids.ts'
import { feedbackTokenFor } from '../src/flows/auth-events.ts'
import { Authenticator } from './authenticator.ts'
import { appCode } from './factors.ts'
import { password } from './fixtures.ts'
import { largest, smallest } from './pool-resources.ts'
import { pageToken } from './second-pages.ts'
import type { Side } from './sides.ts'
import { aGroup, made, newDevice, passkey, type Thing } from './thing.ts'

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
/** A device of the user, confirmed or still to be. */
const device = (confirmed: boolean): Thing => ({
  of: (side) => side.once(`device ${confirmed}`, () => newDevice(side, confirmed)),
  absent: 'us-east-1_01234567-89ab-4cde-8f01-23456789abcd',
})

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

const noId = '01234567-89ab-4cde-8f01-23456789abcd'
const provider = ({ name }: Side) => ({
  ...smallest('identity provider'),
  ProviderName: `${name}-idp`,
  IdpIdentifiers: [`${name}.example.com`],
})

const aProvider: Thing = made(
  'CreateIdentityProvider',
  provider,
  ({ ProviderName }) => ProviderName,
  'nobodys-idp',
)

/** Who somebody is at the provider, once that is linked to the user. */
const linked: Thing = made(
  'AdminLinkProviderForUser',
  async (side) => ({
    DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: await side.user() },
    SourceUser: {
      ProviderName: await aProvider.of(side, ''),
      ProviderAttributeName: 'Cognito_Subject',
      ProviderAttributeValue: `${side.name}-subject`,
    },
  }),
  ({ SourceUser }) => SourceUser.ProviderAttributeValue,
  'nobodys-subject',
)

const resourceServer = ({ name }: Side) => ({
  ...largest('resource server'),
  Identifier: `https://${name}.example.com`,
})

export const aDomain: Thing = made(
  'CreateUserPoolDomain',
  ({ name, ClientId }) => ({ Domain: `${name}-${ClientId}` }),
  ({ Domain }) => Domain,
  'nobodys-domain',
)

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
  ProviderName: aProvider,
  IdpIdentifier: made(
    'CreateIdentityProvider',
    provider,
    ({ IdpIdentifiers }) => IdpIdentifiers[0],
    'nobody.example.com',
  ),
  'DestinationUser.ProviderAttributeValue': aUser,
  'SourceUser.ProviderName': aProvider,
  'User.ProviderName': aProvider,
  'User.ProviderAttributeValue': linked,
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
    () => smallest('terms document'),
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
