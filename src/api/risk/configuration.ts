import type { ClientId as Id, UserPoolId as PoolId } from '../../domain/ids.ts'
import type { RiskConfiguration as Configured, RiskSettings } from '../../domain/risk-configuration.ts'
import { pattern } from '../../protocol/pattern.ts'
import { boolean, list, oneOf, required, string, struct, timestamp } from '../../protocol/shape.ts'
import { Arn, ClientId, Text, UserPoolId } from '../shapes.ts'

const Body = string({ min: 6, max: 20_000, pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]+') })
const Email = struct({
  Subject: required(string({ min: 1, max: 140, pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+') })),
  HtmlBody: Body,
  TextBody: Body,
})

const Action = struct({
  Notify: required(boolean),
  EventAction: required(oneOf('BLOCK', 'MFA_IF_CONFIGURED', 'MFA_REQUIRED', 'NO_ACTION')),
})

const Ranges = list(Text, { max: 200 })

/** What is set, and shown as it was set. */
export const settings = {
  CompromisedCredentialsRiskConfiguration: struct({
    EventFilter: list(oneOf('SIGN_IN', 'PASSWORD_CHANGE', 'SIGN_UP')),
    Actions: required(struct({ EventAction: required(oneOf('BLOCK', 'NO_ACTION')) })),
  }),
  AccountTakeoverRiskConfiguration: struct({
    NotifyConfiguration: struct({
      From: Text,
      ReplyTo: Text,
      SourceArn: required(Arn),
      BlockEmail: Email,
      NoActionEmail: Email,
      MfaEmail: Email,
    }),
    Actions: required(struct({ LowAction: Action, MediumAction: Action, HighAction: Action })),
  }),
  RiskExceptionConfiguration: struct({ BlockedIPRangeList: Ranges, SkippedIPRangeList: Ranges }),
}

export const RiskConfiguration = struct({
  UserPoolId,
  ClientId,
  ...settings,
  LastModifiedDate: timestamp,
})

/** Where nothing is configured, there is nothing but the names to show. */
export function showRisk(poolId: PoolId, clientId: Id | undefined, configured: Configured | undefined) {
  const stated: RiskSettings = configured?.settings ?? {}
  return {
    RiskConfiguration: {
      UserPoolId: poolId,
      ClientId: clientId,
      ...stated,
      LastModifiedDate: configured?.modifiedAt,
    },
  }
}
