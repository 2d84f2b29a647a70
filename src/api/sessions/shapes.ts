import { Fault } from '../../domain/faults.ts'
import type { ShownSession } from '../../flows/sessions.ts'
import {
  boolean,
  integer,
  list,
  type Output,
  oneOf,
  required,
  struct,
  timestamp,
} from '../../protocol/shape.ts'
import { ClientId, PoolPageKey, Text } from '../shapes.ts'

export const SessionId = Text
export const RevokeAssociatedSessions = oneOf('LINKED', 'NONE')

const Session = struct({
  SessionId,
  SessionType: oneOf('SSO', 'TOKEN'),
  ClientId,
  CreateDate: timestamp,
  LastActiveDate: timestamp,
  DeviceType: Text,
  LastIPAddress: Text,
  LastLocation: struct({ City: Text, Country: Text }),
  OriginSessionId: Text,
  IsCurrentSession: boolean,
})
export const Sessions = struct({ Sessions: list(Session), NextToken: PoolPageKey })

/** There is one page, and so no token that would ask for another. @throws Fault InvalidParameter */
export function mustBeFirstPage(token: string | undefined): void {
  if (token !== undefined) throw new Fault('InvalidParameter', 'Invalid pagination token.')
}

/** Where an address is on the globe, nobody here knows: the service says `unknown` where its own look-up fails. */
export function render(sessions: readonly ShownSession[]): Output<typeof Sessions> {
  return {
    Sessions: sessions.map(({ id, type, clientId, createdAt, last, originId, current }) => ({
      SessionId: id,
      SessionType: type,
      ClientId: clientId,
      CreateDate: createdAt,
      LastActiveDate: last.at,
      DeviceType: last.device,
      LastIPAddress: last.address,
      LastLocation: { Country: 'unknown' },
      OriginSessionId: originId,
      IsCurrentSession: current,
    })),
  }
}

export const UserSessionTracking = oneOf('DISABLED', 'ENABLED')
export const TokenSession = struct({ MaxPerUser: required(integer({ min: 1, max: 100 })) })
export const SSOSession = struct({ MaxValidityMinutes: required(integer({ min: 0, max: 129600 })) })
