// Written by `npm run generate`: one line an operation.
import type { Operation } from '../protocol/operation.ts'
import GetUser from './account/GetUser.ts'
import SetUserSettings from './account/SetUserSettings.ts'
import CreateUserPoolClient from './clients/CreateUserPoolClient.ts'
import DeleteUserPoolClient from './clients/DeleteUserPoolClient.ts'
import DescribeUserPoolClient from './clients/DescribeUserPoolClient.ts'
import ListUserPoolClients from './clients/ListUserPoolClients.ts'
import UpdateUserPoolClient from './clients/UpdateUserPoolClient.ts'
import AdminSetUserMFAPreference from './mfa/AdminSetUserMFAPreference.ts'
import SetUserMFAPreference from './mfa/SetUserMFAPreference.ts'
import AddCustomAttributes from './pools/AddCustomAttributes.ts'
import CreateUserPool from './pools/CreateUserPool.ts'
import DeleteUserPool from './pools/DeleteUserPool.ts'
import DescribeUserPool from './pools/DescribeUserPool.ts'
import GetUserPoolMfaConfig from './pools/GetUserPoolMfaConfig.ts'
import ListUserPools from './pools/ListUserPools.ts'
import SetUserPoolMfaConfig from './pools/SetUserPoolMfaConfig.ts'
import UpdateUserPool from './pools/UpdateUserPool.ts'
import AdminInitiateAuth from './sign-in/AdminInitiateAuth.ts'
import AdminRespondToAuthChallenge from './sign-in/AdminRespondToAuthChallenge.ts'
import InitiateAuth from './sign-in/InitiateAuth.ts'
import RespondToAuthChallenge from './sign-in/RespondToAuthChallenge.ts'
import AdminConfirmSignUp from './users/AdminConfirmSignUp.ts'
import AdminCreateUser from './users/AdminCreateUser.ts'
import AdminDeleteUser from './users/AdminDeleteUser.ts'
import AdminDeleteUserAttributes from './users/AdminDeleteUserAttributes.ts'
import AdminDisableUser from './users/AdminDisableUser.ts'
import AdminEnableUser from './users/AdminEnableUser.ts'
import AdminGetUser from './users/AdminGetUser.ts'
import AdminSetUserPassword from './users/AdminSetUserPassword.ts'
import AdminSetUserSettings from './users/AdminSetUserSettings.ts'
import AdminUpdateUserAttributes from './users/AdminUpdateUserAttributes.ts'
import ListUsers from './users/ListUsers.ts'

const built: readonly Operation[] = [
  AddCustomAttributes,
  AdminConfirmSignUp,
  AdminCreateUser,
  AdminDeleteUser,
  AdminDeleteUserAttributes,
  AdminDisableUser,
  AdminEnableUser,
  AdminGetUser,
  AdminInitiateAuth,
  AdminRespondToAuthChallenge,
  AdminSetUserMFAPreference,
  AdminSetUserPassword,
  AdminSetUserSettings,
  AdminUpdateUserAttributes,
  CreateUserPool,
  CreateUserPoolClient,
  DeleteUserPool,
  DeleteUserPoolClient,
  DescribeUserPool,
  DescribeUserPoolClient,
  GetUser,
  GetUserPoolMfaConfig,
  InitiateAuth,
  ListUserPoolClients,
  ListUserPools,
  ListUsers,
  RespondToAuthChallenge,
  SetUserMFAPreference,
  SetUserPoolMfaConfig,
  SetUserSettings,
  UpdateUserPool,
  UpdateUserPoolClient,
]

export const operations: ReadonlyMap<string, Operation> = new Map(
  built.map((operation) => [operation.name, operation]),
)
