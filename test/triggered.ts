/** What tests of Lambda triggers share: a pool whose triggers are functions of the test. */

import type { LambdaConfigType } from '@aws-sdk/client-cognito-identity-provider'
import { createPlace, type Place } from './accounts.ts'
import { password, smsConfiguration } from './fixtures.ts'
import type { TestServer } from './harness.ts'
import { type Starter, start } from './sign-in.ts'
import { functionArnOf, type TestFunction } from './trigger-functions.ts'

/** Answers what it was asked. */
export const pass: TestFunction = (event) => event

export const passwordFlows = [
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
] as const

/** A pool with these functions behind its triggers; a trigger's function has its name. */
export async function placeWith(
  server: TestServer,
  functions: Readonly<Record<string, TestFunction>>,
  LambdaConfig: LambdaConfigType = Object.fromEntries(
    Object.keys(functions).map((name) => [name, functionArnOf(name)]),
  ),
): Promise<Place> {
  const place = await createPlace(
    server,
    { MfaConfiguration: 'OPTIONAL', SmsConfiguration: smsConfiguration, LambdaConfig },
    { ExplicitAuthFlows: [...passwordFlows] },
  )
  server.functions.define(functions)
  server.functions.events()
  return place
}

export const signIn = (server: TestServer, place: Place, name: string, operation: Starter = 'InitiateAuth') =>
  start(server, operation, place, { USERNAME: name, PASSWORD: password })

/** What functions were called for, since this was last asked. */
export const sources = (server: TestServer) =>
  server.functions.events().map(({ triggerSource }) => triggerSource)
