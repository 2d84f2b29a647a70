/** What tests of tracked sessions share. */

import assert from 'node:assert/strict'
import {
  AdminListUserSessionsCommand,
  AdminRevokeUserSessionCommand,
  ListUserSessionsCommand,
  type RevokeAssociatedSessionsType,
  RevokeUserSessionCommand,
  SetUserPoolSessionConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { TestServer } from './harness.ts'
import type { Place, Tokens } from './tokens.ts'

/** The operations on sessions, at a place unless the call names another. */
export function sessionsAt(server: () => TestServer, place: () => Place) {
  const list = async (AccessToken: string, NextToken?: string) =>
    (await server().client.send(new ListUserSessionsCommand({ AccessToken, NextToken }))).Sessions ?? []
  return {
    list,
    track: ({ UserPoolId }: Place, MaxPerUser = 20, enabled = true) =>
      server().client.send(
        new SetUserPoolSessionConfigurationCommand({
          UserPoolId,
          UserSessionTracking: enabled ? 'ENABLED' : 'DISABLED',
          TokenSession: { MaxPerUser },
        }),
      ),
    adminList: async (Username: string, { UserPoolId } = place(), NextToken?: string) =>
      (await server().client.send(new AdminListUserSessionsCommand({ UserPoolId, Username, NextToken })))
        .Sessions ?? [],
    revoke: (
      AccessToken: string,
      SessionId: string,
      RevokeAssociatedSessions?: RevokeAssociatedSessionsType,
    ) =>
      server().client.send(
        new RevokeUserSessionCommand({ AccessToken, SessionId, RevokeAssociatedSessions }),
      ),
    adminRevoke: (
      Username: string,
      SessionId: string,
      RevokeAssociatedSessions?: RevokeAssociatedSessionsType,
      { UserPoolId } = place(),
    ) =>
      server().client.send(
        new AdminRevokeUserSessionCommand({ UserPoolId, Username, SessionId, RevokeAssociatedSessions }),
      ),
    /** The id of the session that an access token belongs to. */
    idOf: async ({ AccessToken }: Tokens) =>
      (await list(AccessToken)).find((session) => session.IsCurrentSession)?.SessionId ?? assert.fail(),
  }
}
