/**
 * Every refusal Cognate can utter, with its text. A fault says what went wrong; each face has one total table
 * (`refusals.ts`) that says how its own wire expresses it, so a new fault does not compile until every face speaks it.
 *
 * Texts are AWS's, from captures of the live service where one exists. The rest are marked `ours`.
 */
const texts = {
  // ---- before an operation is known to exist and its body to be readable
  MalformedBody: () => '',
  WrongJsonType: (text: string) => text,
  UnknownOperation: () => '',
  /** ours: an operation of the model that this version does not serve. */
  NotBuilt: (what: string) => `Cognate does not serve ${what} yet. docs/operations.md lists what it serves.`,
  /** ours */
  BodyTooLarge: (limit: number) => `Request body is larger than ${limit} bytes.`,

  // ---- who is calling (SigV4) and may they (IAM)
  MissingAuthentication: () => 'Missing Authentication Token',
  UnknownSecurityToken: () => 'The security token included in the request is invalid.',
  ExpiredSecurityToken: () => 'The security token included in the request is expired',
  SignatureMismatch: () =>
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  /** A signature that is well formed and still cannot be accepted: too old, for another service, for another region. */
  SignatureUnacceptable: (text: string) => text,
  IncompleteSignature: (text: string) => text,
  AccessDenied: (principal: string, action: string, resource: string, reason: string) =>
    `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,

  // ---- what was asked
  ValidationFailed: (violations: readonly string[]) =>
    `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected: ${violations.join('; ')}`,
  InvalidParameter: (text: string) => text,

  TooManyRequests: () => 'Too many requests',
  FeatureUnavailableInTier: (tier: string, feature: string) =>
    `The following feature is not available for the ${tier} pricing tier configured: ${feature}`,
  FeaturesBeyondTier: (tier: string, features: readonly string[]) => featuresBeyond(tier, features),
  /** The text is assumed to be the one that names the features. */
  TierChangeNotAllowed: (tier: string, features: readonly string[]) => featuresBeyond(tier, features),
  InvalidTags: (text: string) => text,
  InvalidOAuthFlow: (text: string) => text,
  UnknownScope: (scope: string) => `Invalid scope requested: ${scope}`,
  TooMany: (what: string, most: number) => `The limit of ${most} ${what} has been reached.`,
  /** Lost every one of several tries against others who changed the same thing. */
  ConcurrentChange: () => 'The resource was changed at the same time by another request. Try again.',

  // ---- what is not there, or there already
  PoolNotFound: (id: string) => `User pool ${id} does not exist.`,
  ClientNotFound: (id: string) => `User pool client ${id} does not exist.`,
  UserNotFound: () => 'User does not exist.',
  UserExists: () => 'User account already exists',
  /** kind: `email` or `phone_number`. The username is that attribute. */
  UserExistsWithAttribute: (kind: string) => `An account with the given ${kind} already exists.`,
  AliasExists: (kind: string) => `An account with the ${kind} already exists.`,
  PoolProtected: () =>
    'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',

  // ---- the state of an account
  IncorrectCredentials: () => 'Incorrect username or password.',
  UserDisabled: () => 'User is disabled.',
  UserNotConfirmed: () => 'User is not confirmed.',
  PasswordResetRequired: () => 'Password reset required for the user',
  TemporaryPasswordExpired: () => 'Temporary password has expired and must be reset by an administrator.',
  InvalidPassword: (rule: string) => `Password did not conform with policy: ${rule}`,
  CannotConfirm: (status: string) => `User cannot be confirmed. Current status is ${status}`,
  CannotResendInvitation: () => 'Resend not possible. User status is not FORCE_CHANGE_PASSWORD',
  CannotModifyProvided: (attribute: string) => `Cannot modify an already provided ${attribute}`,
  UnauthorizedAttribute: () => 'A client attempted to write unauthorized attribute',
  TooManyPasswordAttempts: () => 'Password attempts exceeded',

  // ---- sign-in
  FlowNotEnabled: (text: string) => text,
  SecretHashMissing: (clientId: string) =>
    `Client ${clientId} is configured with secret but SECRET_HASH was not received`,
  SecretHashWrong: (clientId: string) => `Unable to verify secret hash for client ${clientId}`,
  SecretHashOfOther: (clientId: string) => `SecretHash does not match for the client: ${clientId}`,
  InvalidSession: () => 'Invalid session for the user.',
  SessionExpired: () => 'Invalid session for the user, session is expired.',
  SessionUsed: () => 'Invalid session for the user, session can only be used once.',
  WrongCode: () => 'Invalid code received for user',
  WrongAuthState: () => 'Invalid code or auth state for the user.',
  /** The misspelling is the service's own (amplify-flutter#95). */
  NoUsableFactor: () => 'No MFA mechanism registerd in the account.',
  DeliveryNotConfigured: () =>
    'Invalid phone number provided/Unable to send the message. User pool does not have SMS configuration to send messages.',

  /** ours: triggers are configured and stored, and not run by this version. */
  TriggerUnavailable: (trigger: string) =>
    `${trigger} invocation failed due to error Cognate does not run Lambda triggers yet.`,

  // ---- tokens
  InvalidAccessToken: () => 'Invalid Access Token',
  AccessTokenSignature: () => 'Could not verify signature for Access Token',
  AccessTokenExpired: () => 'Access Token has expired',
  AccessTokenRevoked: () => 'Access Token has been revoked',
  AccessTokenScopes: () => 'Access Token does not have required scopes',
  InvalidRefreshToken: () => 'Invalid Refresh Token',
  RefreshTokenExpired: () => 'Refresh Token has expired',
  RefreshTokenRevoked: () => 'Refresh Token has been revoked',

  // ---- second factors
  NoDeliveryFor: (factor: string) => `User does not have delivery config set to turn on ${factor}`,

  // ---- ours alone
  Internal: () => 'Internal error',
} satisfies Record<string, (...facts: never[]) => string>

function featuresBeyond(tier: string, features: readonly string[]): string {
  return `The following features need to be disabled for the ${tier} pricing tier configured: ${features.join(', ')}`
}

export type FaultCode = keyof typeof texts
type Facts<Code extends FaultCode> = Parameters<(typeof texts)[Code]>

/** A refusal, thrown wherever it is found and put into a face's words once, at the edge. */
export class Fault<Code extends FaultCode = FaultCode> extends Error {
  readonly code: Code

  constructor(code: Code, ...facts: Facts<Code>) {
    super((texts[code] as (...facts: Facts<Code>) => string)(...facts))
    this.name = 'Fault'
    this.code = code
  }
}

export const faultCodes = Object.keys(texts) as readonly FaultCode[]
