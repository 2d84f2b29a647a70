/** Every kind of resource; and what is created that is none. */
import { type Json, send } from './by-name.ts'
import * as clients from './clients.ts'
import {
  attributeList,
  createClient,
  createPool,
  createUser,
  type Served,
  signIn,
  smsConfiguration,
} from './fixtures.ts'
import { roleArn } from './groups.ts'
import { type Kind, member } from './kind.ts'
import { poolResources } from './pool-resources.ts'
import * as pools from './pools.ts'

const dates = ['CreationDate', 'LastModifiedDate']
const inPool =
  (input: Parameters<typeof createPool>[1] = {}) =>
  async (server: Served) => ({
    UserPoolId: await createPool(server, input),
  })
const { DeletionProtection: _, ...largestPool } = pools.everySetting

/** What has no settings to be read back, and why. */
export const apart: Readonly<Record<string, string>> = {
  CreateUserImportJob: 'a job is done once: nothing updates it or takes it away',
  CreateUserPoolReplica: 'its state is all there is to it, and moves by itself',
}

export const kinds: Readonly<Record<string, Kind>> = {
  ...poolResources,

  'user pool': {
    create: 'CreateUserPool',
    read: 'DescribeUserPool',
    update: 'UpdateUserPool',
    remove: 'DeleteUserPool',
    key: (created) => ({ UserPoolId: (created.UserPool as Json).Id }),
    thing({ UserPool }) {
      const { Name, ...shown } = UserPool as Json
      return { ...shown, PoolName: Name }
    },
    names: ['Id', 'Arn', 'EstimatedNumberOfUsers', ...dates],
    fixed: {
      AliasAttributes: ['email', 'phone_number', 'preferred_username'],
      UsernameConfiguration: { CaseSensitive: false },
      Schema: [
        {
          Name: 'level',
          AttributeDataType: 'Number',
          Mutable: true,
          NumberAttributeConstraints: { MinValue: '1' },
        },
      ],
    },
    fixedShown: {
      AliasAttributes: ['email', 'phone_number', 'preferred_username'],
      UsernameConfiguration: { CaseSensitive: false },
      SchemaAttributes: [
        ...pools.freshSchema,
        {
          Name: 'custom:level',
          AttributeDataType: 'Number',
          DeveloperOnlyAttribute: false,
          Mutable: true,
          Required: false,
          NumberAttributeConstraints: { MinValue: '1' },
        },
      ],
    },
    smallest: { PoolName: 'the pool' },
    largest: { PoolName: 'the pool', ...largestPool },
    defaults: { ...pools.defaults, SchemaAttributes: pools.freshSchema },
    instead: {
      AdminCreateUserConfig: pools.everySettingShown.AdminCreateUserConfig,
      DeletionProtection: 'INACTIVE',
      SchemaAttributes: pools.freshSchema,
    },
    // Shown in two places, and taken in one: "Please use TemporaryPasswordValidityDays in PasswordPolicy".
    sendable({ AdminCreateUserConfig, ...settings }) {
      const { UnusedAccountValidityDays: _, ...config } = AdminCreateUserConfig as Json
      return { ...settings, AdminCreateUserConfig: config }
    },
    besides: { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [] } },
    afterwards: {
      Policies: pools.everySetting.Policies,
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 3 },
      MfaConfiguration: pools.everySetting.MfaConfiguration,
      SmsConfiguration: pools.everySetting.SmsConfiguration,
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [] },
      UserPoolTier: pools.everySetting.UserPoolTier,
      DcrConfiguration: pools.everySetting.DcrConfiguration,
    },
    gone: { name: 'ResourceNotFoundException', message: /^User pool .* does not exist\.$/ },
  },

  'app client': {
    create: 'CreateUserPoolClient',
    read: 'DescribeUserPoolClient',
    update: 'UpdateUserPoolClient',
    remove: 'DeleteUserPoolClient',
    around: inPool(),
    key: (created) => ({ ClientId: (created.UserPoolClient as Json).ClientId }),
    thing: member('UserPoolClient'),
    names: ['UserPoolId', 'ClientId', ...dates],
    smallest: { ClientName: 'the client', ClientSecret: clients.ownSecret },
    largest: { ClientName: 'the client', ClientSecret: clients.ownSecret, ...clients.everySetting },
    defaults: clients.defaults,
    instead: { ClientType: 'REGULAR' },
    afterwards: { RefreshTokenRotation: { Feature: 'DISABLED', RetryGracePeriodSeconds: 0 } },
    gone: { name: 'ResourceNotFoundException', message: /^User pool client .* does not exist\.$/ },
  },

  group: {
    create: 'CreateGroup',
    read: 'GetGroup',
    update: 'UpdateGroup',
    remove: 'DeleteGroup',
    around: inPool(),
    key: (created) => ({ GroupName: (created.Group as Json).GroupName }),
    thing: member('Group'),
    names: ['UserPoolId', ...dates],
    smallest: { GroupName: 'staff' },
    largest: { GroupName: 'staff', Description: 'All of them', RoleArn: roleArn('staff'), Precedence: 0 },
    defaults: {},
    // An update of a group changes what it names, and nothing else.
    afterwards: { Description: 'All of them', RoleArn: roleArn('staff'), Precedence: 0 },
    gone: { name: 'ResourceNotFoundException', message: /^Group not found\.$/ },
  },

  'factors of a pool': {
    create: 'SetUserPoolMfaConfig',
    read: 'GetUserPoolMfaConfig',
    update: 'SetUserPoolMfaConfig',
    around: inPool({ MfaConfiguration: 'OFF', EmailConfiguration: pools.everySetting.EmailConfiguration }),
    thing: (answer) => answer,
    names: [],
    smallest: { MfaConfiguration: 'OFF' },
    largest: {
      MfaConfiguration: 'OPTIONAL',
      SmsMfaConfiguration: {
        SmsAuthenticationMessage: 'Yours: {####}',
        SmsConfiguration: { ...smsConfiguration, SnsRegion: 'eu-central-1' },
      },
      SoftwareTokenMfaConfiguration: { Enabled: true },
      EmailMfaConfiguration: { Message: 'Yours: {####}', Subject: 'Your code' },
      WebAuthnConfiguration: {
        RelyingPartyId: 'auth.example.com',
        UserVerification: 'required',
        FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
      },
    },
    defaults: {},
  },

  'sessions of a pool': {
    create: 'SetUserPoolSessionConfiguration',
    read: 'GetUserPoolSessionConfiguration',
    update: 'SetUserPoolSessionConfiguration',
    around: inPool(),
    thing: (answer) => answer,
    names: ['UserPoolId'],
    smallest: { UserSessionTracking: 'DISABLED', TokenSession: { MaxPerUser: 20 } },
    largest: { UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser: 100 } },
    defaults: {},
  },

  'sessions of a client': {
    create: 'SetUserPoolClientSessionConfiguration',
    read: 'GetUserPoolClientSessionConfiguration',
    update: 'SetUserPoolClientSessionConfiguration',
    async around(server) {
      const UserPoolId = await createPool(server)
      const { ClientId } = await createClient(server, UserPoolId)
      await send(server, 'SetUserPoolSessionConfiguration', {
        UserPoolId,
        UserSessionTracking: 'ENABLED',
        TokenSession: { MaxPerUser: 20 },
      })
      return { UserPoolId, ClientId }
    },
    thing: (answer) => answer,
    names: ['UserPoolId', 'ClientId'],
    smallest: { SSOSession: { MaxValidityMinutes: 0 } },
    largest: { SSOSession: { MaxValidityMinutes: 129_600 } },
    defaults: {},
  },

  user: {
    create: 'AdminCreateUser',
    read: 'AdminGetUser',
    update: 'AdminUpdateUserAttributes',
    remove: 'AdminDeleteUser',
    around: inPool(),
    key: () => ({ Username: 'ada' }),
    thing: ({ User, UserAttributes, ...answer }) => {
      const { Attributes = UserAttributes, ...shown } = (User ?? answer) as Json
      const list = Attributes as { Name: string }[]
      return { ...shown, UserAttributes: list.filter(({ Name }) => Name !== 'sub') }
    },
    names: ['Username', 'UserCreateDate', 'UserLastModifiedDate', 'Enabled', 'UserStatus'],
    smallest: { Username: 'ada', MessageAction: 'SUPPRESS', UserAttributes: [] },
    largest: {
      Username: 'ada',
      MessageAction: 'SUPPRESS',
      UserAttributes: attributeList({
        birthdate: '1815-12-10',
        email: 'ada@example.com',
        email_verified: 'true',
        updated_at: '1795435200',
      }),
    },
    defaults: { MessageAction: undefined },
    instead: { MessageAction: undefined },
    // Attributes that an update does not name stay.
    afterwards: {
      UserAttributes: attributeList({
        birthdate: '1815-12-10',
        email: 'ada@example.com',
        email_verified: 'true',
        updated_at: '1795435200',
      }),
    },
    gone: { name: 'UserNotFoundException', message: /^User does not exist\.$/ },
  },

  'factors of a user, by themselves': {
    create: 'SetUserMFAPreference',
    read: 'GetUser',
    update: 'SetUserMFAPreference',
    around: bearer,
    thing: ({ PreferredMfaSetting, UserMFASettingList }) => ({ PreferredMfaSetting, UserMFASettingList }),
    names: [],
    smallest: { SMSMfaSettings: { Enabled: false, PreferredMfa: false } },
    largest: { SMSMfaSettings: { Enabled: true, PreferredMfa: true } },
    defaults: { SMSMfaSettings: undefined },
    instead: {
      SMSMfaSettings: undefined,
      PreferredMfaSetting: 'SMS_MFA',
      UserMFASettingList: ['SMS_MFA'],
    },
  },

  'MFA of a user in the old way': {
    create: 'SetUserSettings',
    read: 'GetUser',
    update: 'SetUserSettings',
    around: bearer,
    thing: ({ MFAOptions }) => ({ MFAOptions }),
    names: [],
    smallest: { MFAOptions: [] },
    largest: { MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] },
    defaults: { MFAOptions: undefined },
  },
}

async function bearer(server: Served): Promise<Json> {
  const UserPoolId = await createPool(server)
  const { ClientId } = await createClient(server, UserPoolId)
  await createUser(server, UserPoolId, 'ada')
  const { AuthenticationResult } = await signIn(server, UserPoolId, ClientId, 'ada')
  return { AccessToken: AuthenticationResult?.AccessToken }
}
