import type { Step } from '../../flows/step.ts'
import type { IssuedTokens } from '../../flows/tokens.ts'
import { integer, list, map, type Output, oneOf, required, struct } from '../../protocol/shape.ts'
import { DeviceKey } from '../devices/shapes.ts'
import { AccessToken, Session, Text } from '../shapes.ts'

export const AuthFlow = oneOf(
  'USER_SRP_AUTH',
  'REFRESH_TOKEN_AUTH',
  'REFRESH_TOKEN',
  'CUSTOM_AUTH',
  'ADMIN_NO_SRP_AUTH',
  'USER_PASSWORD_AUTH',
  'ADMIN_USER_PASSWORD_AUTH',
  'USER_AUTH',
)
export const ChallengeName = oneOf(
  'SMS_MFA',
  'EMAIL_OTP',
  'SOFTWARE_TOKEN_MFA',
  'SELECT_MFA_TYPE',
  'MFA_SETUP',
  'PASSWORD_VERIFIER',
  'CUSTOM_CHALLENGE',
  'SELECT_CHALLENGE',
  'DEVICE_SRP_AUTH',
  'DEVICE_PASSWORD_VERIFIER',
  'ADMIN_NO_SRP_AUTH',
  'NEW_PASSWORD_REQUIRED',
  'SMS_OTP',
  'PASSWORD',
  'WEB_AUTHN',
  'PASSWORD_SRP',
)
/** Parameters and responses hold passwords and codes: neither is ever echoed. */
export const AuthParameters = map(Text, Text, { sensitive: true })
export const ContextData = struct({
  IpAddress: required(Text),
  ServerName: required(Text),
  ServerPath: required(Text),
  HttpHeaders: required(list(struct({ headerName: Text, headerValue: Text }))),
  EncodedData: Text,
})
export const UserContextData = struct({ IpAddress: Text, EncodedData: Text }, { sensitive: true })

export const AuthenticationResult = struct({
  AccessToken,
  ExpiresIn: integer(),
  TokenType: Text,
  RefreshToken: AccessToken,
  IdToken: AccessToken,
  NewDeviceMetadata: struct({ DeviceKey, DeviceGroupKey: Text }),
})

/** What every operation of a sign-in answers. */
export const SignInResponse = struct({
  ChallengeName,
  Session,
  ChallengeParameters: map(Text, Text),
  AuthenticationResult,
  AvailableChallenges: list(ChallengeName),
})

/** A step of a sign-in in this face's words. */
export function render(step: Step): Output<typeof SignInResponse> {
  if (step.kind === 'challenge') {
    return {
      ChallengeName: step.name,
      Session: step.session?.reveal(),
      ChallengeParameters: step.parameters,
      AvailableChallenges: step.available,
    }
  }
  return { ChallengeParameters: {}, AuthenticationResult: renderTokens(step.tokens) }
}

export function renderTokens(tokens: IssuedTokens): Output<typeof AuthenticationResult> {
  return {
    AccessToken: tokens.accessToken,
    ExpiresIn: tokens.expiresIn,
    TokenType: 'Bearer',
    RefreshToken: tokens.refreshToken,
    IdToken: tokens.idToken,
    NewDeviceMetadata: tokens.newDevice && {
      DeviceKey: tokens.newDevice.key,
      DeviceGroupKey: tokens.newDevice.groupKey,
    },
  }
}
