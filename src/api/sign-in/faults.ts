import type { FaultCode } from '../../domain/faults.ts'

/** Refusals that starting a sign-in can meet, whoever starts it. */
export const startFaults: readonly FaultCode[] = [
  'InvalidParameter',
  'FlowNotEnabled',
  'SecretHashMissing',
  'SecretHashWrong',
  'SecretHashOfOther',
  'UserNotFound',
  'UserDisabled',
  'UserNotConfirmed',
  'PasswordResetRequired',
  'IncorrectCredentials',
  'TemporaryPasswordExpired',
  'InvalidRefreshToken',
  'RefreshTokenExpired',
  'RefreshTokenRevoked',
  'NoUsableFactor',
  'DeliveryNotConfigured',
  'TriggerUnavailable',
  'NotBuilt',
]

/** Refusals that answering a challenge can meet, whoever answers. */
export const answerFaults: readonly FaultCode[] = [
  'InvalidParameter',
  'InvalidPassword',
  'SecretHashMissing',
  'SecretHashWrong',
  'UserDisabled',
  'InvalidSession',
  'SessionExpired',
  'SessionUsed',
  'WrongAuthState',
  'CannotModifyProvided',
  'UnauthorizedAttribute',
  'AliasExists',
  'NoUsableFactor',
  'DeliveryNotConfigured',
  'TriggerUnavailable',
  'NotBuilt',
]
