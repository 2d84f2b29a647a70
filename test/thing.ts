import { Authenticator } from './authenticator.ts'
import type { Answer, Side } from './sides.ts'
import { newDeviceSecret } from './srp-client.ts'

/** A kind of thing: how one of a pool is named, and how one would be that nobody has. */
export interface Thing {
  readonly of: (side: Side, operation: string) => Promise<unknown>
  readonly absent: unknown
  /** The operation that makes one: without it there is none of them. */
  readonly madeBy?: string
}

/** A thing that an operation makes, and names in its answer. */
export const made = (
  operation: string,
  input: (side: Side) => object | Promise<object>,
  id: (answer: Answer) => unknown,
  absent: unknown,
): Thing => ({
  async of(side) {
    const given = await input(side)
    return id({ ...given, ...(await side.once(operation, () => side.ask(operation, given))) })
  },
  absent,
  madeBy: operation,
})

export const aGroup: Thing = {
  of: (side) =>
    side.once('group', async () => {
      await side.ask('CreateGroup', { GroupName: `${side.name}-group` })
      return `${side.name}-group`
    }),
  absent: 'nobodys-group',
}

/** The key of a device that the user has signed in on. */
export async function newDevice(side: Side, confirmed: boolean): Promise<string> {
  const { AccessToken } = await side.tokens()
  const { DeviceKey, DeviceGroupKey } = (await side.signIn()).AuthenticationResult.NewDeviceMetadata
  if (confirmed) {
    const { DeviceSecretVerifierConfig } = newDeviceSecret(DeviceGroupKey, DeviceKey)
    await side.ask('ConfirmDevice', { AccessToken, DeviceKey, DeviceSecretVerifierConfig })
  }
  return DeviceKey
}

/** The id of a passkey that the user has. */
export async function passkey(side: Side): Promise<string> {
  const { AccessToken } = await side.tokens()
  const authenticator = new Authenticator()
  const { CredentialCreationOptions } = await side.ask('StartWebAuthnRegistration', { AccessToken })
  const Credential = authenticator.register(CredentialCreationOptions)
  await side.ask('CompleteWebAuthnRegistration', { AccessToken, Credential })
  return authenticator.credentialId
}
