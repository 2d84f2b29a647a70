import type { FaultCode } from '../domain/faults.ts'

/** How the JSON API expresses each fault: the exception's name, and the status where it is not 400. */
export interface Refusal {
  readonly type: string
  readonly status?: number
  /** The front end's own layer: no text, or a `Message` with a capital. */
  readonly layer?: 'front end'
}

const parameter: Refusal = { type: 'InvalidParameterException' }
const notAuthorized: Refusal = { type: 'NotAuthorizedException' }
const notFound: Refusal = { type: 'ResourceNotFoundException' }

export const refusals: Record<FaultCode, Refusal> = {
  MalformedBody: { type: 'SerializationException', layer: 'front end' },
  WrongJsonType: { type: 'SerializationException', layer: 'front end' },
  UnknownOperation: { type: 'UnknownOperationException', layer: 'front end' },
  NotBuilt: { type: 'NotImplementedException' },
  BodyTooLarge: { type: 'RequestEntityTooLargeException', status: 413 },

  MissingAuthentication: { type: 'MissingAuthenticationTokenException' },
  UnknownSecurityToken: { type: 'UnrecognizedClientException' },
  ExpiredSecurityToken: { type: 'ExpiredTokenException' },
  SignatureMismatch: { type: 'InvalidSignatureException' },
  SignatureUnacceptable: { type: 'InvalidSignatureException' },
  IncompleteSignature: { type: 'IncompleteSignatureException' },
  AccessDenied: { type: 'AccessDeniedException' },

  ValidationFailed: parameter,
  InvalidParameter: parameter,
  TooManyRequests: { type: 'TooManyRequestsException' },
  FeatureUnavailableInTier: { type: 'FeatureUnavailableInTierException' },
  FeaturesBeyondTier: { type: 'FeatureUnavailableInTierException' },
  TierChangeNotAllowed: { type: 'TierChangeNotAllowedException' },
  InvalidTags: { type: 'UserPoolTaggingException' },
  InvalidOAuthFlow: { type: 'InvalidOAuthFlowException' },
  UnknownScope: { type: 'ScopeDoesNotExistException' },
  TooMany: { type: 'LimitExceededException' },
  ConcurrentChange: { type: 'ConcurrentModificationException' },

  PoolNotFound: notFound,
  ClientNotFound: notFound,
  UserNotFound: { type: 'UserNotFoundException' },
  UserNotFoundByClient: { type: 'UserNotFoundException' },
  UserExists: { type: 'UsernameExistsException' },
  UsernameTaken: { type: 'UsernameExistsException' },
  UserExistsWithAttribute: { type: 'UsernameExistsException' },
  GroupNotFound: notFound,
  GroupExists: { type: 'GroupExistsException' },
  AliasExists: { type: 'AliasExistsException' },
  PoolProtected: parameter,

  IncorrectCredentials: notAuthorized,
  UserDisabled: notAuthorized,
  UserNotConfirmed: { type: 'UserNotConfirmedException' },
  PasswordResetRequired: { type: 'PasswordResetRequiredException' },
  TemporaryPasswordExpired: notAuthorized,
  InvalidPassword: { type: 'InvalidPasswordException' },
  PasswordInHistory: { type: 'PasswordHistoryPolicyViolationException' },
  CannotConfirm: notAuthorized,
  CannotResendInvitation: { type: 'UnsupportedUserStateException' },
  CannotModifyProvided: notAuthorized,
  UnauthorizedAttribute: notAuthorized,
  TooManyPasswordAttempts: notAuthorized,

  SignUpNotPermitted: notAuthorized,
  AlreadyConfirmed: parameter,
  NothingToResend: notAuthorized,
  CodeMismatch: { type: 'CodeMismatchException' },
  CodeExpired: { type: 'ExpiredCodeException' },
  AttemptLimit: { type: 'LimitExceededException' },
  NoRecoveryAddress: parameter,
  RecoveryByAdministrator: notAuthorized,
  CannotReset: notAuthorized,
  NotVerifiable: parameter,

  FlowNotEnabled: parameter,
  SecretHashMissing: notAuthorized,
  SecretHashWrong: notAuthorized,
  SecretHashOfOther: notAuthorized,
  InvalidSession: notAuthorized,
  SessionExpired: notAuthorized,
  SessionUsed: notAuthorized,
  WrongCode: { type: 'CodeMismatchException' },
  WrongAuthState: { type: 'CodeMismatchException' },
  PasskeyRefused: notAuthorized,
  SoftwareTokenUsed: { type: 'ExpiredCodeException' },
  DeviceNotFound: notFound,
  InvalidDeviceKey: parameter,
  DeviceKeyExists: { type: 'DeviceKeyExistsException' },
  OwnerNotFound: notFound,
  TrackingOff: { type: 'InvalidUserPoolConfigurationException' },
  CustomAuthRefused: notAuthorized,
  NoUsableFactor: { type: 'MFAMethodNotFoundException' },
  DeliveryNotConfigured: parameter,
  TriggerFailed: { type: 'UserLambdaValidationException' },
  TriggerAnswer: { type: 'InvalidLambdaResponseException' },
  TriggerUnreachable: { type: 'UnexpectedLambdaException' },
  MigrationFailed: { type: 'UserNotFoundException' },
  TriggerUnavailable: { type: 'UnexpectedLambdaException' },

  InvalidAccessToken: notAuthorized,
  AccessTokenSignature: notAuthorized,
  AccessTokenExpired: notAuthorized,
  AccessTokenRevoked: notAuthorized,
  AccessTokenScopes: notAuthorized,
  InvalidRefreshToken: notAuthorized,
  RefreshTokenExpired: notAuthorized,
  RefreshTokenReused: { type: 'RefreshTokenReuseException' },
  RevocationOff: { type: 'UnsupportedOperationException' },
  UnsupportedTokenType: { type: 'UnsupportedTokenTypeException' },
  ClientUnauthorized: { type: 'UnauthorizedException' },
  RefreshTokenRevoked: notAuthorized,

  ClientSecretMissing: notAuthorized,
  ClientSecretWrong: notAuthorized,
  ClientTokenNotEnabled: notAuthorized,
  ClientSecretNotFound: notFound,
  SessionNotFound: notFound,
  OwnSession: parameter,

  NoDeliveryFor: parameter,
  SoftwareTokensOff: { type: 'SoftwareTokenMFANotFoundException' },
  SoftwareTokenNotFound: { type: 'SoftwareTokenMFANotFoundException' },
  SoftwareTokenMismatch: { type: 'EnableSoftwareTokenMFAException' },
  SoftwareTokenVerified: { type: 'EnableSoftwareTokenMFAException' },

  PasskeysOff: { type: 'WebAuthnNotEnabledException' },
  PasskeysNotConfigured: { type: 'WebAuthnConfigurationMissingException' },
  PasskeyChallengeNotFound: { type: 'WebAuthnChallengeNotFoundException' },
  PasskeyOfOtherClient: { type: 'WebAuthnClientMismatchException' },
  PasskeyOriginNotAllowed: { type: 'WebAuthnOriginNotAllowedException' },
  PasskeyOfOtherRelyingParty: { type: 'WebAuthnRelyingPartyMismatchException' },
  PasskeyNotSupported: { type: 'WebAuthnCredentialNotSupportedException' },
  PasskeyNotFound: notFound,

  AddOnNotEnabled: { type: 'UserPoolAddOnNotEnabledException' },
  AuthEventNotFound: notFound,
  InvalidFeedbackToken: notAuthorized,

  ImportJobNotFound: notFound,
  PreconditionNotMet: { type: 'PreconditionNotMetException' },
  ImportInProgress: { type: 'UserImportInProgressException' },

  Internal: { type: 'InternalErrorException', status: 500 },
}
