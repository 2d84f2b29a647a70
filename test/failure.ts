import assert from 'node:assert/strict'
import * as sdk from '@aws-sdk/client-cognito-identity-provider'

/** The error of a call through the SDK: its name and its text. */
export async function failureOf(client: sdk.CognitoIdentityProviderClient, name: string, input: object) {
  const Command = (sdk as unknown as Record<string, new (input: object) => sdk.ListUserPoolsCommand>)[
    `${name}Command`
  ]
  assert.ok(Command, name)
  try {
    await client.send(new Command(input))
    return undefined
  } catch (error) {
    assert.ok(error instanceof Error)
    return { name: error.name, message: error.message }
  }
}
