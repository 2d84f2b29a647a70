// Written by `npm run generate`: one line an operation.
import type { Operation } from '../protocol/operation.ts'
import ChangePassword from './account/ChangePassword.ts'
import ConfirmForgotPassword from './account/ConfirmForgotPassword.ts'
import DeleteUser from './account/DeleteUser.ts'
import DeleteUserAttributes from './account/DeleteUserAttributes.ts'
import ForgotPassword from './account/ForgotPassword.ts'
import GetUser from './account/GetUser.ts'
import GetUserAttributeVerificationCode from './account/GetUserAttributeVerificationCode.ts'
import SetUserSettings from './account/SetUserSettings.ts'
import UpdateUserAttributes from './account/UpdateUserAttributes.ts'
import VerifyUserAttribute from './account/VerifyUserAttribute.ts'
import CreateManagedLoginBranding from './branding/CreateManagedLoginBranding.ts'
import DeleteManagedLoginBranding from './branding/DeleteManagedLoginBranding.ts'
import DescribeManagedLoginBranding from './branding/DescribeManagedLoginBranding.ts'
import DescribeManagedLoginBrandingByClient from './branding/DescribeManagedLoginBrandingByClient.ts'
import GetUICustomization from './branding/GetUICustomization.ts'
import SetUICustomization from './branding/SetUICustomization.ts'
import UpdateManagedLoginBranding from './branding/UpdateManagedLoginBranding.ts'
import AddUserPoolClientSecret from './clients/AddUserPoolClientSecret.ts'
import CreateUserPoolClient from './clients/CreateUserPoolClient.ts'
import DeleteUserPoolClient from './clients/DeleteUserPoolClient.ts'
import DeleteUserPoolClientSecret from './clients/DeleteUserPoolClientSecret.ts'
import DescribeUserPoolClient from './clients/DescribeUserPoolClient.ts'
import ListUserPoolClientSecrets from './clients/ListUserPoolClientSecrets.ts'
import ListUserPoolClients from './clients/ListUserPoolClients.ts'
import UpdateUserPoolClient from './clients/UpdateUserPoolClient.ts'
import AdminForgetDevice from './devices/AdminForgetDevice.ts'
import AdminGetDevice from './devices/AdminGetDevice.ts'
import AdminListDevices from './devices/AdminListDevices.ts'
import AdminUpdateDeviceStatus from './devices/AdminUpdateDeviceStatus.ts'
import ConfirmDevice from './devices/ConfirmDevice.ts'
import ForgetDevice from './devices/ForgetDevice.ts'
import GetDevice from './devices/GetDevice.ts'
import ListDevices from './devices/ListDevices.ts'
import UpdateDeviceStatus from './devices/UpdateDeviceStatus.ts'
import CreateUserPoolDomain from './domains/CreateUserPoolDomain.ts'
import DeleteUserPoolDomain from './domains/DeleteUserPoolDomain.ts'
import DescribeUserPoolDomain from './domains/DescribeUserPoolDomain.ts'
import UpdateUserPoolDomain from './domains/UpdateUserPoolDomain.ts'
import AdminAddUserToGroup from './groups/AdminAddUserToGroup.ts'
import AdminListGroupsForUser from './groups/AdminListGroupsForUser.ts'
import AdminRemoveUserFromGroup from './groups/AdminRemoveUserFromGroup.ts'
import CreateGroup from './groups/CreateGroup.ts'
import DeleteGroup from './groups/DeleteGroup.ts'
import GetGroup from './groups/GetGroup.ts'
import ListGroups from './groups/ListGroups.ts'
import ListUsersInGroup from './groups/ListUsersInGroup.ts'
import UpdateGroup from './groups/UpdateGroup.ts'
import CreateUserImportJob from './imports/CreateUserImportJob.ts'
import DescribeUserImportJob from './imports/DescribeUserImportJob.ts'
import GetCSVHeader from './imports/GetCSVHeader.ts'
import ListUserImportJobs from './imports/ListUserImportJobs.ts'
import StartUserImportJob from './imports/StartUserImportJob.ts'
import StopUserImportJob from './imports/StopUserImportJob.ts'
import GetProvisionedLimit from './limits/GetProvisionedLimit.ts'
import UpdateProvisionedLimit from './limits/UpdateProvisionedLimit.ts'
import GetLogDeliveryConfiguration from './logs/GetLogDeliveryConfiguration.ts'
import SetLogDeliveryConfiguration from './logs/SetLogDeliveryConfiguration.ts'
import AdminDeleteSoftwareToken from './mfa/AdminDeleteSoftwareToken.ts'
import AdminGetUserAuthFactors from './mfa/AdminGetUserAuthFactors.ts'
import AdminSetUserMFAPreference from './mfa/AdminSetUserMFAPreference.ts'
import AssociateSoftwareToken from './mfa/AssociateSoftwareToken.ts'
import GetUserAuthFactors from './mfa/GetUserAuthFactors.ts'
import SetUserMFAPreference from './mfa/SetUserMFAPreference.ts'
import VerifySoftwareToken from './mfa/VerifySoftwareToken.ts'
import CompleteWebAuthnRegistration from './passkeys/CompleteWebAuthnRegistration.ts'
import DeleteWebAuthnCredential from './passkeys/DeleteWebAuthnCredential.ts'
import ListWebAuthnCredentials from './passkeys/ListWebAuthnCredentials.ts'
import StartWebAuthnRegistration from './passkeys/StartWebAuthnRegistration.ts'
import AddCustomAttributes from './pools/AddCustomAttributes.ts'
import CreateUserPool from './pools/CreateUserPool.ts'
import DeleteUserPool from './pools/DeleteUserPool.ts'
import DescribeUserPool from './pools/DescribeUserPool.ts'
import GetUserPoolMfaConfig from './pools/GetUserPoolMfaConfig.ts'
import ListUserPools from './pools/ListUserPools.ts'
import SetUserPoolMfaConfig from './pools/SetUserPoolMfaConfig.ts'
import UpdateUserPool from './pools/UpdateUserPool.ts'
import CreateIdentityProvider from './providers/CreateIdentityProvider.ts'
import DeleteIdentityProvider from './providers/DeleteIdentityProvider.ts'
import DescribeIdentityProvider from './providers/DescribeIdentityProvider.ts'
import GetIdentityProviderByIdentifier from './providers/GetIdentityProviderByIdentifier.ts'
import GetSigningCertificate from './providers/GetSigningCertificate.ts'
import ListIdentityProviders from './providers/ListIdentityProviders.ts'
import UpdateIdentityProvider from './providers/UpdateIdentityProvider.ts'
import CreateUserPoolReplica from './replicas/CreateUserPoolReplica.ts'
import DeleteUserPoolReplica from './replicas/DeleteUserPoolReplica.ts'
import ListUserPoolReplicas from './replicas/ListUserPoolReplicas.ts'
import UpdateUserPoolReplica from './replicas/UpdateUserPoolReplica.ts'
import CreateResourceServer from './resource-servers/CreateResourceServer.ts'
import DeleteResourceServer from './resource-servers/DeleteResourceServer.ts'
import DescribeResourceServer from './resource-servers/DescribeResourceServer.ts'
import ListResourceServers from './resource-servers/ListResourceServers.ts'
import UpdateResourceServer from './resource-servers/UpdateResourceServer.ts'
import AdminListUserAuthEvents from './risk/AdminListUserAuthEvents.ts'
import AdminUpdateAuthEventFeedback from './risk/AdminUpdateAuthEventFeedback.ts'
import DescribeRiskConfiguration from './risk/DescribeRiskConfiguration.ts'
import SetRiskConfiguration from './risk/SetRiskConfiguration.ts'
import UpdateAuthEventFeedback from './risk/UpdateAuthEventFeedback.ts'
import AdminListUserSessions from './sessions/AdminListUserSessions.ts'
import AdminRevokeUserSession from './sessions/AdminRevokeUserSession.ts'
import AdminUserGlobalSignOut from './sessions/AdminUserGlobalSignOut.ts'
import GetUserPoolClientSessionConfiguration from './sessions/GetUserPoolClientSessionConfiguration.ts'
import GetUserPoolSessionConfiguration from './sessions/GetUserPoolSessionConfiguration.ts'
import GlobalSignOut from './sessions/GlobalSignOut.ts'
import ListUserSessions from './sessions/ListUserSessions.ts'
import RevokeUserSession from './sessions/RevokeUserSession.ts'
import SetUserPoolClientSessionConfiguration from './sessions/SetUserPoolClientSessionConfiguration.ts'
import SetUserPoolSessionConfiguration from './sessions/SetUserPoolSessionConfiguration.ts'
import AdminInitiateAuth from './sign-in/AdminInitiateAuth.ts'
import AdminRespondToAuthChallenge from './sign-in/AdminRespondToAuthChallenge.ts'
import InitiateAuth from './sign-in/InitiateAuth.ts'
import RespondToAuthChallenge from './sign-in/RespondToAuthChallenge.ts'
import ConfirmSignUp from './sign-up/ConfirmSignUp.ts'
import ResendConfirmationCode from './sign-up/ResendConfirmationCode.ts'
import SignUp from './sign-up/SignUp.ts'
import ListTagsForResource from './tags/ListTagsForResource.ts'
import TagResource from './tags/TagResource.ts'
import UntagResource from './tags/UntagResource.ts'
import CreateTerms from './terms/CreateTerms.ts'
import DeleteTerms from './terms/DeleteTerms.ts'
import DescribeTerms from './terms/DescribeTerms.ts'
import DescribeTermsByClient from './terms/DescribeTermsByClient.ts'
import ListTerms from './terms/ListTerms.ts'
import UpdateTerms from './terms/UpdateTerms.ts'
import GetClientToken from './tokens/GetClientToken.ts'
import GetTokensFromRefreshToken from './tokens/GetTokensFromRefreshToken.ts'
import RevokeToken from './tokens/RevokeToken.ts'
import AdminConfirmSignUp from './users/AdminConfirmSignUp.ts'
import AdminCreateUser from './users/AdminCreateUser.ts'
import AdminDeleteUser from './users/AdminDeleteUser.ts'
import AdminDeleteUserAttributes from './users/AdminDeleteUserAttributes.ts'
import AdminDisableProviderForUser from './users/AdminDisableProviderForUser.ts'
import AdminDisableUser from './users/AdminDisableUser.ts'
import AdminEnableUser from './users/AdminEnableUser.ts'
import AdminGetUser from './users/AdminGetUser.ts'
import AdminLinkProviderForUser from './users/AdminLinkProviderForUser.ts'
import AdminResetUserPassword from './users/AdminResetUserPassword.ts'
import AdminSetUserPassword from './users/AdminSetUserPassword.ts'
import AdminSetUserSettings from './users/AdminSetUserSettings.ts'
import AdminUpdateUserAttributes from './users/AdminUpdateUserAttributes.ts'
import ListUsers from './users/ListUsers.ts'

const built: readonly Operation[] = [
  AddCustomAttributes,
  AddUserPoolClientSecret,
  AdminAddUserToGroup,
  AdminConfirmSignUp,
  AdminCreateUser,
  AdminDeleteSoftwareToken,
  AdminDeleteUser,
  AdminDeleteUserAttributes,
  AdminDisableProviderForUser,
  AdminDisableUser,
  AdminEnableUser,
  AdminForgetDevice,
  AdminGetDevice,
  AdminGetUser,
  AdminGetUserAuthFactors,
  AdminInitiateAuth,
  AdminLinkProviderForUser,
  AdminListDevices,
  AdminListGroupsForUser,
  AdminListUserAuthEvents,
  AdminListUserSessions,
  AdminRemoveUserFromGroup,
  AdminResetUserPassword,
  AdminRespondToAuthChallenge,
  AdminRevokeUserSession,
  AdminSetUserMFAPreference,
  AdminSetUserPassword,
  AdminSetUserSettings,
  AdminUpdateAuthEventFeedback,
  AdminUpdateDeviceStatus,
  AdminUpdateUserAttributes,
  AdminUserGlobalSignOut,
  AssociateSoftwareToken,
  ChangePassword,
  CompleteWebAuthnRegistration,
  ConfirmDevice,
  ConfirmForgotPassword,
  ConfirmSignUp,
  CreateGroup,
  CreateIdentityProvider,
  CreateManagedLoginBranding,
  CreateResourceServer,
  CreateTerms,
  CreateUserImportJob,
  CreateUserPool,
  CreateUserPoolClient,
  CreateUserPoolDomain,
  CreateUserPoolReplica,
  DeleteGroup,
  DeleteIdentityProvider,
  DeleteManagedLoginBranding,
  DeleteResourceServer,
  DeleteTerms,
  DeleteUser,
  DeleteUserAttributes,
  DeleteUserPool,
  DeleteUserPoolClient,
  DeleteUserPoolClientSecret,
  DeleteUserPoolDomain,
  DeleteUserPoolReplica,
  DeleteWebAuthnCredential,
  DescribeIdentityProvider,
  DescribeManagedLoginBranding,
  DescribeManagedLoginBrandingByClient,
  DescribeResourceServer,
  DescribeRiskConfiguration,
  DescribeTerms,
  DescribeTermsByClient,
  DescribeUserImportJob,
  DescribeUserPool,
  DescribeUserPoolClient,
  DescribeUserPoolDomain,
  ForgetDevice,
  ForgotPassword,
  GetCSVHeader,
  GetClientToken,
  GetDevice,
  GetGroup,
  GetIdentityProviderByIdentifier,
  GetLogDeliveryConfiguration,
  GetProvisionedLimit,
  GetSigningCertificate,
  GetTokensFromRefreshToken,
  GetUICustomization,
  GetUser,
  GetUserAttributeVerificationCode,
  GetUserAuthFactors,
  GetUserPoolClientSessionConfiguration,
  GetUserPoolMfaConfig,
  GetUserPoolSessionConfiguration,
  GlobalSignOut,
  InitiateAuth,
  ListDevices,
  ListGroups,
  ListIdentityProviders,
  ListResourceServers,
  ListTagsForResource,
  ListTerms,
  ListUserImportJobs,
  ListUserPoolClientSecrets,
  ListUserPoolClients,
  ListUserPoolReplicas,
  ListUserPools,
  ListUserSessions,
  ListUsers,
  ListUsersInGroup,
  ListWebAuthnCredentials,
  ResendConfirmationCode,
  RespondToAuthChallenge,
  RevokeToken,
  RevokeUserSession,
  SetLogDeliveryConfiguration,
  SetRiskConfiguration,
  SetUICustomization,
  SetUserMFAPreference,
  SetUserPoolClientSessionConfiguration,
  SetUserPoolMfaConfig,
  SetUserPoolSessionConfiguration,
  SetUserSettings,
  SignUp,
  StartUserImportJob,
  StartWebAuthnRegistration,
  StopUserImportJob,
  TagResource,
  UntagResource,
  UpdateAuthEventFeedback,
  UpdateDeviceStatus,
  UpdateGroup,
  UpdateIdentityProvider,
  UpdateManagedLoginBranding,
  UpdateProvisionedLimit,
  UpdateResourceServer,
  UpdateTerms,
  UpdateUserAttributes,
  UpdateUserPool,
  UpdateUserPoolClient,
  UpdateUserPoolDomain,
  UpdateUserPoolReplica,
  VerifySoftwareToken,
  VerifyUserAttribute,
]

export const operations: ReadonlyMap<string, Operation> = new Map(
  built.map((operation) => [operation.name, operation]),
)
