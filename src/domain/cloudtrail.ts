import type { Json, JsonObject } from '../lib/json.ts'
import type { OperationEvent, SignInEvent, TrailEvent, Who } from './trail-event.ts'

/**
 * An event of the trail as CloudTrail records it, for tools that know CloudTrail.
 * Sources: CloudTrail user guide, "CloudTrail record contents" and "userIdentity element"; Cognito developer guide,
 * "Example Amazon Cognito events"; for calls that nobody signs, records of the service in hackingthe.cloud, "Bypass
 * Cognito User Enumeration Controls".
 */
export function cloudTrailRecord(event: TrailEvent): JsonObject {
  return {
    eventVersion: '1.08',
    userIdentity: identityOf(event.who, event.accountId),
    eventTime: `${event.time.slice(0, 19)}Z`,
    eventSource: 'cognito-idp.amazonaws.com',
    awsRegion: event.region,
    sourceIPAddress: event.source.address,
    userAgent: event.source.userAgent ?? '',
    ...(event.kind === 'operation' ? operationFields(event) : signInFields(event)),
    ...additional(event),
    ...(event.requestId !== undefined && { requestID: event.requestId }),
    eventID: event.id,
    managementEvent: true,
    eventCategory: 'Management',
    recipientAccountId: event.accountId,
  }
}

function operationFields({ operation, readOnly, request, response, error }: OperationEvent): JsonObject {
  return {
    eventName: operation,
    ...(error && { errorCode: error.type, errorMessage: error.message }),
    requestParameters: request,
    responseElements: response,
    readOnly,
    eventType: 'AwsApiCall',
  }
}

/** ours: in AWS's records sign-ins are the calls that they consist of, and no more. */
function signInFields(event: SignInEvent): JsonObject {
  const { operation, signInId, flow, provider, answered, asked, result, fault } = event
  const details = {
    operation,
    signInId,
    flow,
    provider,
    challenge: answered,
    nextChallenge: asked,
    result,
  }
  return {
    eventName: 'SignIn',
    ...(fault && { errorCode: fault }),
    requestParameters: null,
    responseElements: null,
    readOnly: false,
    eventType: 'AwsServiceEvent',
    serviceEventDetails: present(details),
  }
}

/** `sub` is the service's own, and `userPoolId` that of its events of managed login. The client is ours. */
function additional({ sub, poolId, clientId }: TrailEvent): { additionalEventData?: JsonObject } {
  const data = present({ sub, userPoolId: poolId, clientId })
  return Object.keys(data).length > 0 ? { additionalEventData: data } : {}
}

function identityOf(who: Who, accountId: string): JsonObject {
  if (who.kind !== 'principal') return { type: 'Unknown', principalId: 'Anonymous' }
  const { type, arn, userId, username, accessKeyId } = who
  const identity = { principalId: userId, arn, accountId, ...present({ accessKeyId }) }
  switch (type) {
    case 'Account':
      return { type: 'Root', ...identity, principalId: accountId }
    case 'User':
      return { type: 'IAMUser', ...identity, ...present({ userName: username }) }
    case 'AssumedRole':
      return {
        type: 'AssumedRole',
        ...identity,
        sessionContext: { sessionIssuer: issuerOf(arn, userId, accountId) },
      }
  }
}

/** Of the role: its session is `AROA…:name` at `…:assumed-role/role/name`. */
function issuerOf(arn: string, userId: string, accountId: string): JsonObject {
  const role = arn.split('/')[1] ?? ''
  return {
    type: 'Role',
    principalId: userId.split(':')[0] ?? '',
    arn: `arn:aws:iam::${accountId}:role/${role}`,
    accountId,
    userName: role,
  }
}

const present = (facts: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, Json] => fact[1] !== undefined))
