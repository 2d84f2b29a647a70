import { Fault } from '../../domain/faults.ts'
import { OAuthError } from '../../domain/oauth-error.ts'
import { refreshOnce } from '../../flows/refresh.ts'
import { retried } from '../../flows/retried.ts'
import { type Grant, tokenResponse } from './grant.ts'

/** RFC 6749, 6. The device of whoever signed in by the API cannot be named here. */
export const refreshToken: Grant = async (call, { refresh_token: token }) => {
  if (!token) throw new OAuthError('invalid_request')
  try {
    return tokenResponse(await retried(() => refreshOnce(call, token, undefined)))
  } catch (error) {
    if (error instanceof Fault) throw new OAuthError('invalid_grant', undefined, { cause: error })
    throw error
  }
}
