import { mustBeProtected } from '../../domain/auth-event.ts'
import { giveFeedback } from '../../flows/auth-events.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { feedbackToken } from '../access.ts'
import { AccessToken, Nothing, Username, UserPoolId } from '../shapes.ts'
import { EventId, FeedbackValue } from './shapes.ts'

export default operation('UpdateAuthEventFeedback', {
  doc: "Says of an event whether it was the user's own doing, on the word of whoever was mailed about it.",
  access: feedbackToken,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    EventId: required(EventId),
    FeedbackToken: required(AccessToken),
    FeedbackValue: required(FeedbackValue),
  }),
  output: Nothing,
  faults: ['AddOnNotEnabled', 'AuthEventNotFound'],
  async run({ pool, user, input, now, ...app }) {
    mustBeProtected(pool)
    const feedback = { value: input.FeedbackValue, provider: 'User', at: now } as const
    await giveFeedback({ app, pool, requestId: app.requestId }, user, input.EventId, feedback)
    return {}
  },
})
