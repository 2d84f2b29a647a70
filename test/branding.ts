/** What tests of managed login branding share. */

import assert from 'node:assert/strict'
import {
  type AssetType,
  CreateManagedLoginBrandingCommand,
  type CreateManagedLoginBrandingCommandInput,
  DeleteManagedLoginBrandingCommand,
  DescribeManagedLoginBrandingByClientCommand,
  DescribeManagedLoginBrandingCommand,
  type ManagedLoginBrandingType,
  UpdateManagedLoginBrandingCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, refusal } from './fixtures.ts'
import type { TestServer } from './harness.ts'

export type Style = Pick<
  CreateManagedLoginBrandingCommandInput,
  'UseCognitoProvidedValues' | 'Settings' | 'Assets'
>

/** An app client that can have a style. */
export interface Place {
  readonly UserPoolId: string
  readonly ClientId: string
}

/** An id that no style has. */
export const absentId = '01234567-89ab-4cde-8f01-23456789abcd'
export const theDefault: Style = { UseCognitoProvidedValues: true }
export const noBranding = refusal('ResourceNotFoundException', 'ManagedLoginBranding does not exist.')
export const oneSource = refusal(
  'InvalidParameterException',
  'useCognitoProvidedValues or settings should be specified (but not both)',
)
export const notInLite = refusal(
  'FeatureUnavailableInTierException',
  'The following feature is not available for the LITE pricing tier configured: Managed Login Branding',
)
export const wrongSettings = (...found: string[]) =>
  refusal(
    'InvalidParameterException',
    `Invalid settings provided. Validation errors: [${found.map((one) => `{${one}}`).join(', ')}]`,
  )

export const asset = (over: Partial<AssetType> = {}): AssetType => ({
  Category: 'FORM_LOGO',
  ColorMode: 'LIGHT',
  Extension: 'SVG',
  Bytes: Buffer.from('<svg/>'),
  ...over,
})

/** The operations on styles, each answering with the style. */
export function brandingAt(server: () => Pick<TestServer, 'client'>) {
  const shown = (output: { ManagedLoginBranding?: ManagedLoginBrandingType | undefined }) => {
    assert.ok(output.ManagedLoginBranding)
    return withPlainBytes(output.ManagedLoginBranding)
  }
  return {
    place: async (): Promise<Place> => {
      const UserPoolId = await createPool(server())
      return { UserPoolId, ClientId: (await createClient(server(), UserPoolId)).ClientId }
    },
    /** Another app client in the same pool. */
    beside: async ({ UserPoolId }: Place): Promise<Place> => ({
      UserPoolId,
      ClientId: (await createClient(server(), UserPoolId)).ClientId,
    }),
    lower: (UserPoolId: string) =>
      server().client.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTier: 'LITE' })),
    create: async (place: Place, style: Style = theDefault) =>
      shown(await server().client.send(new CreateManagedLoginBrandingCommand({ ...place, ...style }))),
    describe: async (
      UserPoolId: string,
      ManagedLoginBrandingId: string | undefined,
      ReturnMergedResources?: boolean,
    ) =>
      shown(
        await server().client.send(
          new DescribeManagedLoginBrandingCommand({
            UserPoolId,
            ManagedLoginBrandingId,
            ReturnMergedResources,
          }),
        ),
      ),
    ofClient: async (place: Place, ReturnMergedResources?: boolean) =>
      shown(
        await server().client.send(
          new DescribeManagedLoginBrandingByClientCommand({ ...place, ReturnMergedResources }),
        ),
      ),
    update: async (UserPoolId: string, ManagedLoginBrandingId: string | undefined, style: Style) =>
      shown(
        await server().client.send(
          new UpdateManagedLoginBrandingCommand({ UserPoolId, ManagedLoginBrandingId, ...style }),
        ),
      ),
    remove: (UserPoolId: string, ManagedLoginBrandingId: string | undefined) =>
      server().client.send(new DeleteManagedLoginBrandingCommand({ UserPoolId, ManagedLoginBrandingId })),
  }
}

/** Bytes as every test writes them, whichever class of array the SDK reads them into. */
const withPlainBytes = (branding: ManagedLoginBrandingType): ManagedLoginBrandingType => ({
  ...branding,
  Assets: branding.Assets?.map(({ Bytes, ...facts }) => ({
    ...facts,
    ...(Bytes && { Bytes: Buffer.from(Bytes) }),
  })),
})
