import type { Category } from '../domain/request-limits.ts'
import type { OperationName } from './names.ts'

/** Whose rate an operation counts against. Source: developer guide, "Quotas in Amazon Cognito"; the rest is assumed. */
const categoryOfOperation: Record<OperationName, Category> = {
  InitiateAuth: 'UserAuthentication',
  RespondToAuthChallenge: 'UserAuthentication',
  AdminInitiateAuth: 'UserAuthentication',
  AdminRespondToAuthChallenge: 'UserAuthentication',
  GetTokensFromRefreshToken: 'UserAuthentication',

  SignUp: 'UserCreation',
  ConfirmSignUp: 'UserCreation',
  AdminCreateUser: 'UserCreation',
  AdminConfirmSignUp: 'UserCreation',

  ChangePassword: 'UserAccountRecovery',
  ConfirmForgotPassword: 'UserAccountRecovery',
  ForgotPassword: 'UserAccountRecovery',
  AdminResetUserPassword: 'UserAccountRecovery',
  AdminSetUserPassword: 'UserAccountRecovery',

  AdminGetUser: 'UserRead',
  AdminGetUserAuthFactors: 'UserRead',
  GetUser: 'UserRead',

  AdminAddUserToGroup: 'UserUpdate',
  AdminDeleteUserAttributes: 'UserUpdate',
  AdminUpdateUserAttributes: 'UserUpdate',
  AdminDeleteUser: 'UserUpdate',
  AdminDisableUser: 'UserUpdate',
  AdminEnableUser: 'UserUpdate',
  AdminLinkProviderForUser: 'UserUpdate',
  AdminDisableProviderForUser: 'UserUpdate',
  VerifyUserAttribute: 'UserUpdate',
  DeleteUser: 'UserUpdate',
  DeleteUserAttributes: 'UserUpdate',
  UpdateUserAttributes: 'UserUpdate',
  AdminUserGlobalSignOut: 'UserUpdate',
  GlobalSignOut: 'UserUpdate',
  AdminRemoveUserFromGroup: 'UserUpdate',

  RevokeToken: 'UserToken',

  AdminGetDevice: 'UserResourceRead',
  AdminListGroupsForUser: 'UserResourceRead',
  AdminListDevices: 'UserResourceRead',
  GetDevice: 'UserResourceRead',
  ListDevices: 'UserResourceRead',
  GetUserAttributeVerificationCode: 'UserResourceRead',
  ResendConfirmationCode: 'UserResourceRead',
  AdminListUserAuthEvents: 'UserResourceRead',

  AdminForgetDevice: 'UserResourceUpdate',
  AdminUpdateAuthEventFeedback: 'UserResourceUpdate',
  AdminSetUserMFAPreference: 'UserResourceUpdate',
  AdminSetUserSettings: 'UserResourceUpdate',
  AdminUpdateDeviceStatus: 'UserResourceUpdate',
  UpdateDeviceStatus: 'UserResourceUpdate',
  UpdateAuthEventFeedback: 'UserResourceUpdate',
  ConfirmDevice: 'UserResourceUpdate',
  SetUserMFAPreference: 'UserResourceUpdate',
  SetUserSettings: 'UserResourceUpdate',
  VerifySoftwareToken: 'UserResourceUpdate',
  AssociateSoftwareToken: 'UserResourceUpdate',
  ForgetDevice: 'UserResourceUpdate',

  ListUsers: 'UserList',
  ListUsersInGroup: 'UserList',

  DescribeUserPool: 'UserPoolRead',
  ListUserPools: 'UserPoolRead',

  CreateUserPool: 'UserPoolUpdate',
  UpdateUserPool: 'UserPoolUpdate',
  DeleteUserPool: 'UserPoolUpdate',

  DescribeIdentityProvider: 'UserPoolResourceRead',
  DescribeResourceServer: 'UserPoolResourceRead',
  DescribeUserImportJob: 'UserPoolResourceRead',
  DescribeUserPoolDomain: 'UserPoolResourceRead',
  GetCSVHeader: 'UserPoolResourceRead',
  GetGroup: 'UserPoolResourceRead',
  GetSigningCertificate: 'UserPoolResourceRead',
  GetIdentityProviderByIdentifier: 'UserPoolResourceRead',
  GetUserPoolMfaConfig: 'UserPoolResourceRead',
  ListGroups: 'UserPoolResourceRead',
  ListIdentityProviders: 'UserPoolResourceRead',
  ListResourceServers: 'UserPoolResourceRead',
  ListTagsForResource: 'UserPoolResourceRead',
  ListUserImportJobs: 'UserPoolResourceRead',
  DescribeRiskConfiguration: 'UserPoolResourceRead',
  GetUICustomization: 'UserPoolResourceRead',
  DescribeManagedLoginBranding: 'UserPoolResourceRead',
  DescribeManagedLoginBrandingByClient: 'UserPoolResourceRead',

  AddCustomAttributes: 'UserPoolResourceUpdate',
  CreateGroup: 'UserPoolResourceUpdate',
  CreateIdentityProvider: 'UserPoolResourceUpdate',
  CreateResourceServer: 'UserPoolResourceUpdate',
  CreateUserImportJob: 'UserPoolResourceUpdate',
  CreateUserPoolDomain: 'UserPoolResourceUpdate',
  DeleteGroup: 'UserPoolResourceUpdate',
  DeleteIdentityProvider: 'UserPoolResourceUpdate',
  DeleteResourceServer: 'UserPoolResourceUpdate',
  DeleteUserPoolDomain: 'UserPoolResourceUpdate',
  SetUserPoolMfaConfig: 'UserPoolResourceUpdate',
  StartUserImportJob: 'UserPoolResourceUpdate',
  StopUserImportJob: 'UserPoolResourceUpdate',
  UpdateGroup: 'UserPoolResourceUpdate',
  UpdateIdentityProvider: 'UserPoolResourceUpdate',
  UpdateResourceServer: 'UserPoolResourceUpdate',
  UpdateUserPoolDomain: 'UserPoolResourceUpdate',
  SetRiskConfiguration: 'UserPoolResourceUpdate',
  SetUICustomization: 'UserPoolResourceUpdate',
  TagResource: 'UserPoolResourceUpdate',
  UntagResource: 'UserPoolResourceUpdate',
  CreateManagedLoginBranding: 'UserPoolResourceUpdate',
  UpdateManagedLoginBranding: 'UserPoolResourceUpdate',
  DeleteManagedLoginBranding: 'UserPoolResourceUpdate',

  DescribeUserPoolClient: 'UserPoolClientRead',
  ListUserPoolClients: 'UserPoolClientRead',

  CreateUserPoolClient: 'UserPoolClientUpdate',
  DeleteUserPoolClient: 'UserPoolClientUpdate',
  UpdateUserPoolClient: 'UserPoolClientUpdate',

  GetProvisionedLimit: 'LimitManagement',
  UpdateProvisionedLimit: 'LimitManagement',

  // ---- what the guide does not name
  GetClientToken: 'ClientAuthentication',

  AdminDeleteSoftwareToken: 'UserResourceUpdate',

  AdminListUserSessions: 'UserResourceRead',

  AdminRevokeUserSession: 'UserResourceUpdate',
  CompleteWebAuthnRegistration: 'UserResourceUpdate',
  DeleteWebAuthnCredential: 'UserResourceUpdate',

  GetUserAuthFactors: 'UserRead',

  ListUserSessions: 'UserResourceRead',
  ListWebAuthnCredentials: 'UserResourceRead',

  RevokeUserSession: 'UserResourceUpdate',
  StartWebAuthnRegistration: 'UserResourceUpdate',

  CreateTerms: 'UserPoolResourceUpdate',
  DeleteTerms: 'UserPoolResourceUpdate',
  UpdateTerms: 'UserPoolResourceUpdate',

  DescribeTerms: 'UserPoolResourceRead',
  DescribeTermsByClient: 'UserPoolResourceRead',
  ListTerms: 'UserPoolResourceRead',
  GetLogDeliveryConfiguration: 'UserPoolResourceRead',

  SetLogDeliveryConfiguration: 'UserPoolResourceUpdate',

  GetUserPoolSessionConfiguration: 'UserPoolResourceRead',

  SetUserPoolSessionConfiguration: 'UserPoolResourceUpdate',

  ListUserPoolReplicas: 'UserPoolRead',

  CreateUserPoolReplica: 'UserPoolUpdate',
  DeleteUserPoolReplica: 'UserPoolUpdate',
  UpdateUserPoolReplica: 'UserPoolUpdate',

  ListUserPoolClientSecrets: 'UserPoolClientRead',
  GetUserPoolClientSessionConfiguration: 'UserPoolClientRead',

  AddUserPoolClientSecret: 'UserPoolClientUpdate',
  DeleteUserPoolClientSecret: 'UserPoolClientUpdate',
  SetUserPoolClientSessionConfiguration: 'UserPoolClientUpdate',
}

const answers: ReadonlySet<string> = new Set(['RespondToAuthChallenge', 'AdminRespondToAuthChallenge'])

/** A new password is part of recovering an account, also where a sign-in demands it. */
export function categoryOf(operation: string, input: { ChallengeName?: unknown }): Category {
  if (answers.has(operation) && input.ChallengeName === 'NEW_PASSWORD_REQUIRED') return 'UserAccountRecovery'
  return categoryOfOperation[operation as OperationName]
}

/** Every sign-in brings some answers along that do not count as sign-ins. */
export const answersChallenge = (operation: string, category: Category): boolean =>
  answers.has(operation) && category === 'UserAuthentication'
