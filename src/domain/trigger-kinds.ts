import { type Output, type TextMap, UnrecognizableOutput } from './trigger-output.ts'
import {
  eventVersions,
  type PreTokenGenerationFacts,
  preTokenRequest,
  preTokenResponse,
  tokenOverrides,
} from './trigger-tokens.ts'

export interface Kind<Facts, Answer> {
  readonly request: (facts: Facts, source: string) => Record<string, unknown>
  readonly response?: (facts: Facts) => Record<string, unknown>
  readonly version?: (facts: Facts) => string
  readonly read: (response: Output, eventVersion: string) => Answer
}

const kind = <Facts, Answer>(kind: Kind<Facts, Answer>) => kind

/** Who the event is about, and what a client sent along: absent, not null, where it sent nothing. */
interface Common {
  readonly userAttributes: TextMap
  readonly clientMetadata?: TextMap | undefined
}

/** Present, true or false, where the client hides who exists (PreventUserExistenceErrors). */
interface Hiding {
  readonly userNotFound?: boolean | undefined
}

/** A challenge that was answered. Metadata is the custom challenge's own name for itself. */
export interface ChallengeResult {
  readonly challengeName: string
  readonly challengeResult: boolean
  readonly challengeMetadata: string | null
}

export type InboundProviderType =
  | 'OIDC'
  | 'SAML'
  | 'Facebook'
  | 'Google'
  | 'SignInWithApple'
  | 'LoginWithAmazon'

const metadata = ({ clientMetadata }: Common) => clientMetadata && { clientMetadata }
const hiding = ({ userNotFound }: Hiding) => userNotFound !== undefined && { userNotFound }

const sender = (type: string) =>
  kind({
    /** `code` is null in a notice that carries none. */
    request: (facts: Common & { readonly code: string | null }) => ({
      type,
      code: facts.code,
      clientMetadata: facts.clientMetadata ?? null,
      userAttributes: facts.userAttributes,
    }),
    read: () => undefined,
  })

/** One row a trigger: what it is told, how its response stands before, and how it is read after. */
export const kinds = {
  PreSignUp: kind({
    /** A federated sign-up sends `{}` as validation data. */
    request: (facts: Common & { readonly validationData?: TextMap | undefined }) => ({
      userAttributes: facts.userAttributes,
      validationData: facts.validationData ?? null,
      ...metadata(facts),
    }),
    response: () => ({ autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }),
    read: (response) => ({
      autoConfirmUser: response.flag('autoConfirmUser') ?? false,
      autoVerifyEmail: response.flag('autoVerifyEmail') ?? false,
      autoVerifyPhone: response.flag('autoVerifyPhone') ?? false,
    }),
  }),
  PostConfirmation: kind({
    request: (facts: Common) => ({ userAttributes: facts.userAttributes, ...metadata(facts) }),
    response: () => ({}),
    read: () => undefined,
  }),
  PreAuthentication: kind({
    /** Validation data is the ClientMetadata of InitiateAuth. */
    request: (
      facts: Hiding & { readonly userAttributes: TextMap; readonly validationData?: TextMap | undefined },
    ) => ({
      userAttributes: facts.userAttributes,
      validationData: facts.validationData ?? {},
      ...hiding(facts),
    }),
    response: () => ({}),
    read: () => undefined,
  }),
  PostAuthentication: kind({
    request: (facts: Common & { readonly newDeviceUsed: boolean }) => ({
      userAttributes: facts.userAttributes,
      newDeviceUsed: facts.newDeviceUsed,
      ...metadata(facts),
    }),
    response: () => ({}),
    read: () => undefined,
  }),
  DefineAuthChallenge: kind({
    request: (facts: Common & Hiding & { readonly session: readonly ChallengeResult[] }) => ({
      userAttributes: facts.userAttributes,
      session: facts.session,
      ...metadata(facts),
      ...hiding(facts),
    }),
    response: () => ({ challengeName: null, issueTokens: null, failAuthentication: null }),
    read: (response) => ({
      challengeName: response.text('challengeName'),
      issueTokens: response.flag('issueTokens') ?? false,
      failAuthentication: response.flag('failAuthentication') ?? false,
    }),
  }),
  CreateAuthChallenge: kind({
    request: (
      facts: Common &
        Hiding & { readonly challengeName: string; readonly session: readonly ChallengeResult[] },
    ) => ({
      userAttributes: facts.userAttributes,
      challengeName: facts.challengeName,
      session: facts.session,
      ...metadata(facts),
      ...hiding(facts),
    }),
    response: () => ({
      publicChallengeParameters: null,
      privateChallengeParameters: null,
      challengeMetadata: null,
    }),
    read: (response) => ({
      publicChallengeParameters: response.textMap('publicChallengeParameters') ?? {},
      privateChallengeParameters: response.textMap('privateChallengeParameters') ?? {},
      challengeMetadata: response.text('challengeMetadata'),
    }),
  }),
  VerifyAuthChallengeResponse: kind({
    request: (
      facts: Common &
        Hiding & { readonly privateChallengeParameters: TextMap; readonly challengeAnswer: string },
    ) => ({
      userAttributes: facts.userAttributes,
      privateChallengeParameters: facts.privateChallengeParameters,
      challengeAnswer: facts.challengeAnswer,
      ...metadata(facts),
      ...hiding(facts),
    }),
    response: () => ({ answerCorrect: null }),
    read: (response) => ({ answerCorrect: response.flag('answerCorrect') ?? false }),
  }),
  PreTokenGeneration: kind({
    version: (facts: PreTokenGenerationFacts) => eventVersions[facts.version],
    request: preTokenRequest,
    response: preTokenResponse,
    read: tokenOverrides,
  }),
  UserMigration: kind({
    /** A forgotten password brings none along. */
    request: (facts: {
      readonly password?: string | undefined
      readonly validationData?: TextMap | undefined
      readonly clientMetadata?: TextMap | undefined
    }) => ({
      ...(facts.password !== undefined && { password: facts.password }),
      validationData: facts.validationData ?? null,
      userAttributes: null,
      ...(facts.clientMetadata && { clientMetadata: facts.clientMetadata }),
    }),
    response: () => ({
      userAttributes: null,
      forceAliasCreation: null,
      enableSMSMFA: null,
      finalUserStatus: null,
      messageAction: null,
      desiredDeliveryMediums: null,
    }),
    /** Without attributes nobody is migrated. */
    read: (response) => ({
      userAttributes: response.textMap('userAttributes'),
      finalUserStatus: response.oneOf('finalUserStatus', 'CONFIRMED', 'RESET_REQUIRED') ?? 'RESET_REQUIRED',
      messageAction: response.oneOf('messageAction', 'SUPPRESS', 'RESEND'),
      desiredDeliveryMediums: deliveryMediums(response),
      forceAliasCreation: response.flag('forceAliasCreation') ?? false,
      enableSMSMFA: response.flag('enableSMSMFA') ?? false,
    }),
  }),
  CustomMessage: kind({
    request: (facts: Common, source) => ({
      userAttributes: facts.userAttributes,
      codeParameter: '{####}',
      linkParameter: '{##Click Here##}',
      usernameParameter: source === 'CustomMessage_AdminCreateUser' ? '{username}' : null,
      ...metadata(facts),
    }),
    response: () => ({ smsMessage: null, emailMessage: null, emailSubject: null }),
    read: (response) => ({
      smsMessage: response.text('smsMessage'),
      emailMessage: response.text('emailMessage'),
      emailSubject: response.text('emailSubject'),
    }),
  }),
  CustomEmailSender: sender('customEmailSenderRequestV1'),
  CustomSMSSender: sender('customSMSSenderRequestV1'),
  InboundFederation: kind({
    request: (facts: {
      readonly providerName: string
      readonly providerType: InboundProviderType
      /** `tokenResponse`, `idToken` and `userInfo`, or `samlResponse`, each as text values. */
      readonly attributes: Readonly<Record<string, TextMap>>
    }) => ({
      providerName: facts.providerName,
      providerType: facts.providerType,
      attributes: facts.attributes,
    }),
    response: () => ({ userAttributesToMap: null }),
    /** An empty map, like none, leaves the provider's attributes as they are. */
    read: (response) => {
      const mapped = response.textMap('userAttributesToMap')
      return { userAttributesToMap: Object.keys(mapped ?? {}).length === 0 ? undefined : mapped }
    },
  }),
}

export type Trigger = keyof typeof kinds

function deliveryMediums(response: Output): readonly ('SMS' | 'EMAIL')[] {
  const given = response.texts('desiredDeliveryMediums') ?? []
  if (!given.every((medium) => medium === 'SMS' || medium === 'EMAIL')) throw new UnrecognizableOutput()
  return given.length === 0 ? ['SMS'] : given
}
