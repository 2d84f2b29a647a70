import type { AuthEvent } from '../../domain/auth-event.ts'
import type { EventRisk } from '../../domain/risk.ts'
import { pattern } from '../../protocol/pattern.ts'
import {
  boolean,
  list,
  type Output,
  oneOf,
  required,
  string,
  struct,
  timestamp,
} from '../../protocol/shape.ts'
import { Text } from '../shapes.ts'

export const EventId = string({ min: 1, max: 50, pattern: pattern('[\\w+-]+') })
export const FeedbackValue = oneOf('Valid', 'Invalid')

export const AuthEvents = list(
  struct({
    EventId: Text,
    EventType: oneOf('SignIn', 'SignUp', 'ForgotPassword', 'PasswordChange', 'ResendCode'),
    CreationDate: timestamp,
    EventResponse: oneOf('Pass', 'Fail', 'InProgress'),
    EventRisk: struct({
      RiskDecision: oneOf('NoRisk', 'AccountTakeover', 'Block'),
      RiskLevel: oneOf('Low', 'Medium', 'High'),
      CompromisedCredentialsDetected: boolean,
    }),
    ChallengeResponses: list(
      struct({
        ChallengeName: oneOf('Password', 'Mfa'),
        ChallengeResponse: oneOf('Success', 'Failure'),
      }),
    ),
    EventContextData: struct({
      IpAddress: Text,
      DeviceName: Text,
      Timezone: Text,
      City: Text,
      Country: Text,
    }),
    EventFeedback: struct({
      FeedbackValue: required(FeedbackValue),
      Provider: required(Text),
      FeedbackDate: timestamp,
    }),
  }),
)

const noRisk: EventRisk = { decision: 'NoRisk', compromised: false }

export function showEvent(event: AuthEvent): Output<typeof AuthEvents>[number] {
  const { context, feedback, risk = noRisk } = event
  return {
    EventId: event.id,
    EventType: event.type,
    CreationDate: event.at,
    EventResponse: event.response,
    EventRisk: {
      RiskDecision: risk.decision,
      RiskLevel: risk.level,
      CompromisedCredentialsDetected: risk.compromised,
    },
    ChallengeResponses: event.challenges.map(({ name, response }) => ({
      ChallengeName: name,
      ChallengeResponse: response,
    })),
    EventContextData: { IpAddress: context.ip, DeviceName: context.device },
    EventFeedback: feedback && {
      FeedbackValue: feedback.value,
      Provider: feedback.provider,
      FeedbackDate: feedback.at,
    },
  }
}
