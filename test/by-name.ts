import assert from 'node:assert/strict'
import * as sdk from '@aws-sdk/client-cognito-identity-provider'
import type { Served } from './fixtures.ts'

export type Json = Readonly<Record<string, unknown>>

/** Calls an operation by its name through the SDK, for tests that go through all of them. */
export async function send(server: Served, name: string, input: Json): Promise<Json> {
  const Command = (sdk as unknown as Record<string, new (input: Json) => sdk.ListUserPoolsCommand>)[
    `${name}Command`
  ]
  assert.ok(Command, name)
  const { $metadata: _, ...answer } = await server.client.send(new Command(input))
  return answer as Json
}
