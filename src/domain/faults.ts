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
  /** ours */
  LimitNotFound: (category: string) => `Limit ${category} does not exist or is not adjustable.`,
  /** ours */
  AboveQuota: (category: string, most: number) =>
    `The limit of ${category} cannot be higher than ${most} requests per second.`,
  /** Lost every one of several tries against others who changed the same thing. */
  ConcurrentChange: () => 'The resource was changed at the same time by another request. Try again.',

  /** ours: AWS's comment on the exception, without its second sentence. */
  OperationNotEnabled: () => 'The operation is not available in the current Region for this user pool.',

  // ---- what is not there, or there already
  PoolNotFound: (id: string) => `User pool ${id} does not exist.`,
  ClientNotFound: (id: string) => `User pool client ${id} does not exist.`,
  UserNotFound: () => 'User does not exist.',
  /** Of the calls that name an app client and no pool. */
  UserNotFoundByClient: () => 'Username/client id combination not found.',
  UserExists: () => 'User account already exists',
  /** Of SignUp; the one before is AdminCreateUser's. */
  UsernameTaken: () => 'User already exists',
  /** kind: `email` or `phone_number`. The username is that attribute. */
  UserExistsWithAttribute: (kind: string) => `An account with the given ${kind} already exists.`,
  /** In the words of amplify-cli#2214. */
  GroupNotFound: () => 'Group not found.',
  /** In the words of amplify-backend#1781. */
  GroupExists: () => 'A group with the name already exists',
  /** These three in words measured by floci-io/floci#2869. */
  BrandingExists: (clientId: string) => `A ManagedLoginBranding already exists for client ${clientId}`,
  BrandingNotFound: () => 'ManagedLoginBranding does not exist.',
  BrandingOfClientNotFound: (clientId: string) =>
    `ManagedLoginBranding for client ${clientId} does not exist.`,
  /** ours, all three */
  TermsExist: (name: string, clientId: string) => `Terms ${name} already exist for client ${clientId}.`,
  TermsNotFound: () => 'Terms do not exist.',
  TermsOfClientNotFound: (name: string, clientId: string) =>
    `Terms ${name} for client ${clientId} do not exist.`,
  /** ours, these two */
  ProviderNotFound: (name: string) => `Identity provider ${name} does not exist.`,
  IdentifierNotFound: (identifier: string) =>
    `Identity provider with identifier ${identifier} does not exist.`,
  /** In the words of cloudformation-coverage-roadmap#1287. */
  ProviderExists: (name: string, poolId: string) => `${name} already exists in user pool ${poolId}`,
  AliasExists: (kind: string) => `An account with the ${kind} already exists.`,
  /** ours */
  ReplicaNotFound: (id: string, region: string) => `User pool ${id} has no replica in ${region}.`,
  PoolProtected: () =>
    'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',

  PoolHasDomain: () =>
    'User pool cannot be deleted. It has a domain configured that should be deleted first.',
  /** In the words of moto, both. */
  ServerNotFound: (identifier: string) => `Resource server ${identifier} does not exist.`,
  ServerExists: (identifier: string, poolId: string) =>
    `${identifier} already exists in user pool ${poolId}.`,
  /** ours */
  ServerManaged: (identifier: string) => `Resource server ${identifier} is managed by Amazon Cognito.`,
  /** Of the pool itself. */
  DomainExists: () => 'Domain already exists.',
  DomainTaken: () => 'Domain already associated with another user pool.',
  /** aws-cdk#10062 */
  DomainConfigured: () => 'User pool already has a domain configured.',
  DomainNotFound: () => 'No such domain or user pool exists.',
  DomainMissing: () => 'There has to be an existing domain associated with this user pool',

  // ---- the state of an account
  IncorrectCredentials: () => 'Incorrect username or password.',
  UserDisabled: () => 'User is disabled.',
  UserNotConfirmed: () => 'User is not confirmed.',
  PasswordResetRequired: () => 'Password reset required for the user',
  TemporaryPasswordExpired: () => 'Temporary password has expired and must be reset by an administrator.',
  InvalidPassword: (rule: string) => `Password did not conform with policy: ${rule}`,
  /** ours: no capture of the text is known. */
  PasswordInHistory: () => 'Password has previously been used',
  CannotConfirm: (status: string) => `User cannot be confirmed. Current status is ${status}`,
  CannotResendInvitation: () => 'Resend not possible. User status is not FORCE_CHANGE_PASSWORD',
  CannotModifyProvided: (attribute: string) => `Cannot modify an already provided ${attribute}`,
  UnauthorizedAttribute: () => 'A client attempted to write unauthorized attribute',
  TooManyPasswordAttempts: () => 'Password attempts exceeded',

  // ---- sign-up, codes and recovery
  SignUpNotPermitted: () => 'SignUp is not permitted for this user pool',
  AlreadyConfirmed: () => 'User is already confirmed.',
  NothingToResend: () => 'Cannot resend codes. Auto verification not turned on.',
  CodeMismatch: () => 'Invalid verification code provided, please try again.',
  CodeExpired: () => 'Invalid code provided, please request a code again.',
  AttemptLimit: () => 'Attempt limit exceeded, please try after some time.',
  NoRecoveryAddress: () =>
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  RecoveryByAdministrator: () => 'Contact administrator to reset password.',
  CannotReset: () => 'User password cannot be reset in the current state.',
  /** Read from an application's list of what it met (amplify-js#3652 has it too). */
  NotVerifiable: () => 'Invalid attribute name. Only phone_number and email can be verified.',

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
  /** ours */
  PasskeyRefused: () => 'The passkey could not be verified.',
  SoftwareTokenUsed: () => 'Your software token has already been used once.',
  DeviceNotFound: () => 'Device does not exist.',
  InvalidDeviceKey: () => 'Invalid device key given.',
  /** ours */
  DeviceKeyExists: () => 'Device key already exists.',
  /** In the words for users, of operations that know no other refusal for one who is not there. */
  OwnerNotFound: () => 'User does not exist.',
  TrackingOff: () => 'Device tracking not currently enabled for this pool.',
  CustomAuthRefused: () => 'Incorrect username or password.',
  /** The misspelling is the service's own (amplify-flutter#95). */
  NoUsableFactor: () => 'No MFA mechanism registerd in the account.',
  DeliveryNotConfigured: () =>
    'Invalid phone number provided/Unable to send the message. User pool does not have SMS configuration to send messages.',

  TriggerFailed: (trigger: string, message: string) => `${trigger} failed with error ${message}.`,
  TriggerAnswer: (text: string) => text,
  TriggerUnreachable: (trigger: string, reason: string) =>
    `${trigger} invocation failed due to error ${reason}.`,
  MigrationFailed: (clientId: string) => `Exception migrating user in app client ${clientId}`,

  // ---- tokens
  InvalidAccessToken: () => 'Invalid Access Token',
  AccessTokenSignature: () => 'Could not verify signature for Access Token',
  AccessTokenExpired: () => 'Access Token has expired',
  AccessTokenRevoked: () => 'Access Token has been revoked',
  AccessTokenScopes: () => 'Access Token does not have required scopes',
  InvalidRefreshToken: () => 'Invalid Refresh Token',
  RefreshTokenExpired: () => 'Refresh Token has expired',
  RefreshTokenReused: () => 'Refresh token has been reused.',
  /** ours, all three */
  RevocationOff: () => 'Token revocation is not enabled for the client.',
  UnsupportedTokenType: () => 'Only refresh tokens can be revoked.',
  ClientUnauthorized: () => 'Unable to authenticate the client.',
  RefreshTokenRevoked: () => 'Refresh Token has been revoked',

  // ---- sessions and clients' own tokens; ours but for the first, which is the service's older text
  ClientSecretMissing: (clientId: string) =>
    `Client ${clientId} is configured for secret but secret was not received`,
  ClientSecretWrong: (clientId: string) => `Client secret does not match for the client: ${clientId}`,
  ClientTokenNotEnabled: () => 'CLIENT_TOKEN_AUTH is not enabled for the client.',
  ClientSecretNotFound: (id: string) => `Client secret ${id} does not exist.`,
  SessionNotFound: () => 'Session does not exist.',
  OwnSession: () => 'The session of the access token cannot be revoked.',

  // ---- second factors
  NoDeliveryFor: (factor: string) => `User does not have delivery config set to turn on ${factor}`,
  SoftwareTokensOff: () => 'Software Token MFA has not been enabled by the userPool',
  SoftwareTokenNotFound: () => 'Software Token MFA does not exist for the user.',
  SoftwareTokenMismatch: () => 'Code mismatch and fail enable Software Token MFA',
  SoftwareTokenVerified: () => 'Your software token has already been used once',

  // ---- passkeys: AWS's comments on the exceptions, since no capture of a text is known
  PasskeysOff: () => "The passkey feature isn't enabled for the user pool.",
  PasskeysNotConfigured: () => "The user pool doesn't have a configured relying party id.",
  PasskeyChallengeNotFound: () => 'The challenge of the registration was not found or has expired.',
  PasskeyOfOtherClient: () =>
    'The access token is for a different client than the one that started the registration.',
  PasskeyOriginNotAllowed: () =>
    "The passkey credential's registration origin does not align with the user pool relying party id.",
  PasskeyOfOtherRelyingParty: () =>
    'The passkey credential is associated with a different relying party ID than the user pool relying party ID.',
  PasskeyNotSupported: () => 'The passkey credential is from an unsupported device or provider.',
  PasskeyNotFound: () => 'The passkey credential does not exist.',

  // ---- threat protection, ours: AWS's comment on the exception, and two without any
  AddOnNotEnabled: () => 'User pool add-ons are not enabled.',
  AuthEventNotFound: (id: string) => `Event ${id} does not exist.`,
  InvalidFeedbackToken: () => 'Invalid feedback token.',
  /** The first three as an application met them (Badsworth/pfml_scripts, useAuthLogic.js), the fourth as several list it. */
  AddressBlocked: () => 'Request not allowed due to security reasons.',
  RiskTooHigh: () => 'Unable to login because of security reasons.',
  InsecurePassword: () => 'Provided password cannot be used for security reasons.',
  PasswordCompromised: () => 'Password reset required for user due to security reasons',

  // ---- imports
  /** ours */
  ImportJobNotFound: (id: string) => `User import job ${id} does not exist.`,
  PreconditionNotMet: (text: string) => text,
  /** ours, after AWS's comment on the exception */
  ImportInProgress: (id: string) =>
    `User pool ${id} cannot be changed while a user import job is in progress.`,

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
