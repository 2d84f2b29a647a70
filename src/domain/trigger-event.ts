import { regionOf, type UserPoolId } from './ids.ts'
import type { LambdaConfig, Pool } from './pool.ts'
import { type Kind, kinds, type Trigger } from './trigger-kinds.ts'
import { Output, type TextMap, UnrecognizableOutput } from './trigger-output.ts'
import { eventVersions, type LambdaVersion } from './trigger-tokens.ts'
import { isVerified, type User } from './user.ts'

/**
 * The events of Lambda triggers and the reading of their answers. Shapes are the developer guide's, with members and
 * nulls as captured events have them.
 */
export interface TriggerEvent<Source extends TriggerSource = TriggerSource> {
  readonly version: string
  readonly triggerSource: Source
  readonly region: string
  readonly userPoolId: string
  readonly userName: string
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string }
  readonly request: Readonly<Record<string, unknown>>
  /** The custom senders have none: nobody reads what they answer. */
  readonly response?: Readonly<Record<string, unknown>>
}

/** The trigger of every source: what the error texts name and LambdaConfig configures. */
export const triggerOf = {
  PreSignUp_SignUp: 'PreSignUp',
  PreSignUp_AdminCreateUser: 'PreSignUp',
  PreSignUp_ExternalProvider: 'PreSignUp',
  PostConfirmation_ConfirmSignUp: 'PostConfirmation',
  PostConfirmation_ConfirmForgotPassword: 'PostConfirmation',
  PreAuthentication_Authentication: 'PreAuthentication',
  PostAuthentication_Authentication: 'PostAuthentication',
  DefineAuthChallenge_Authentication: 'DefineAuthChallenge',
  CreateAuthChallenge_Authentication: 'CreateAuthChallenge',
  VerifyAuthChallengeResponse_Authentication: 'VerifyAuthChallengeResponse',
  TokenGeneration_HostedAuth: 'PreTokenGeneration',
  TokenGeneration_Authentication: 'PreTokenGeneration',
  TokenGeneration_NewPasswordChallenge: 'PreTokenGeneration',
  TokenGeneration_AuthenticateDevice: 'PreTokenGeneration',
  TokenGeneration_RefreshTokens: 'PreTokenGeneration',
  TokenGeneration_ClientCredentials: 'PreTokenGeneration',
  UserMigration_Authentication: 'UserMigration',
  UserMigration_ForgotPassword: 'UserMigration',
  CustomMessage_SignUp: 'CustomMessage',
  CustomMessage_AdminCreateUser: 'CustomMessage',
  CustomMessage_ResendCode: 'CustomMessage',
  CustomMessage_ForgotPassword: 'CustomMessage',
  CustomMessage_UpdateUserAttribute: 'CustomMessage',
  CustomMessage_VerifyUserAttribute: 'CustomMessage',
  CustomMessage_Authentication: 'CustomMessage',
  CustomEmailSender_SignUp: 'CustomEmailSender',
  CustomEmailSender_AdminCreateUser: 'CustomEmailSender',
  CustomEmailSender_ResendCode: 'CustomEmailSender',
  CustomEmailSender_ForgotPassword: 'CustomEmailSender',
  CustomEmailSender_UpdateUserAttribute: 'CustomEmailSender',
  CustomEmailSender_VerifyUserAttribute: 'CustomEmailSender',
  CustomEmailSender_Authentication: 'CustomEmailSender',
  CustomEmailSender_AccountTakeOverNotification: 'CustomEmailSender',
  CustomSMSSender_SignUp: 'CustomSMSSender',
  CustomSMSSender_AdminCreateUser: 'CustomSMSSender',
  CustomSMSSender_ResendCode: 'CustomSMSSender',
  CustomSMSSender_ForgotPassword: 'CustomSMSSender',
  CustomSMSSender_UpdateUserAttribute: 'CustomSMSSender',
  CustomSMSSender_VerifyUserAttribute: 'CustomSMSSender',
  CustomSMSSender_Authentication: 'CustomSMSSender',
  InboundFederation_ExternalProvider: 'InboundFederation',
} as const

export type TriggerSource = keyof typeof triggerOf
type TriggerOf<Source extends TriggerSource> = (typeof triggerOf)[Source]

/** What the flow knows of one trigger, and what it hears back. */
export type FactsOf<Source extends TriggerSource> = Parameters<
  (typeof kinds)[TriggerOf<Source>]['request']
>[0]
export type AnswerOf<Source extends TriggerSource> = ReturnType<(typeof kinds)[TriggerOf<Source>]['read']>

/** Whom an event is about. */
export interface Occasion {
  readonly poolId: UserPoolId
  /** Where it happens, when not in the pool's own region. */
  readonly region?: string
  /** As given where the user does not exist; `ClientCredentials` where a machine signs in. */
  readonly username: string
  /** Absent where an administrator acts without an app client. */
  readonly clientId?: string | undefined
}

/** The event of a source. */
export function triggerEvent<const Source extends TriggerSource>(
  source: Source,
  { poolId, region = regionOf(poolId), username, clientId }: Occasion,
  facts: FactsOf<Source>,
): TriggerEvent<Source> {
  const { version, request, response } = kinds[triggerOf[source]] as Kind<FactsOf<Source>, unknown>
  return {
    version: version?.(facts) ?? eventVersions.V1_0,
    triggerSource: source,
    region,
    userPoolId: poolId,
    userName: username,
    callerContext: {
      awsSdkVersion: 'aws-sdk-unknown-unknown',
      clientId: clientId ?? 'CLIENT_ID_NOT_APPLICABLE',
    },
    request: request(facts, source),
    ...(response && { response: response(facts) }),
  }
}

/**
 * What the function answered to that event.
 * @throws UnrecognizableOutput
 */
export function readAnswer<Source extends TriggerSource>(
  event: TriggerEvent<Source>,
  answer: unknown,
): AnswerOf<Source> {
  const { read, response } = kinds[triggerOf[event.triggerSource]] as Kind<never, unknown>
  const answered = (output: Output) => read(output, event.version) as AnswerOf<Source>
  if (response === undefined) return answered(new Output({}))
  // A handler that returns nothing answers null: aws-amplify/amplify-cli#4341 and #8682 show the text.
  if (answer === null || answer === undefined) {
    throw new UnrecognizableOutput('Invalid lambda function output : Invalid JSON')
  }
  const given = new Output(answer).inner('response')
  if (given === undefined) throw new UnrecognizableOutput()
  return answered(given)
}

/** The function that is configured for a trigger, and the version of the event it takes. */
export function functionOf(
  lambdas: LambdaConfig,
  trigger: Trigger,
): { readonly arn: string; readonly version: LambdaVersion } | undefined {
  const configured =
    trigger === 'PreTokenGeneration'
      ? (lambdas.PreTokenGenerationConfig ?? lambdas.PreTokenGeneration)
      : lambdas[trigger]
  if (configured === undefined) return undefined
  return typeof configured === 'string'
    ? { arn: configured, version: 'V1_0' }
    : { arn: configured.LambdaArn, version: configured.LambdaVersion }
}

/**
 * A user's attributes as events show them: with the moment of a global sign-out, the aliases that the user holds in a
 * pool with alias attributes, and the status among them. Captured events have all of these.
 */
export function eventAttributes(pool: Pool, user: User): TextMap {
  const alias = (name: 'email' | 'phone_number') =>
    pool.identity.aliasAttributes?.includes(name) && isVerified(user.attributes, name)
      ? { [`cognito:${name}_alias`]: user.attributes[name] ?? '' }
      : {}
  return {
    ...(user.signedOutAt !== undefined && { 'cognito:token_nbf': String(user.signedOutAt) }),
    sub: user.sub,
    ...alias('email'),
    ...alias('phone_number'),
    'cognito:user_status': user.status,
    ...user.attributes,
  }
}
