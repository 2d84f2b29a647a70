import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CreateUserPoolCommand, GetUserPoolMfaConfigCommand } from '@aws-sdk/client-cognito-identity-provider'
import { smsConfiguration } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('GetUserPoolMfaConfig', () => {
  onEachStore((server) => {
    const get = async (UserPoolId: string) => {
      const { $metadata: _, ...output } = await server().client.send(
        new GetUserPoolMfaConfigCommand({ UserPoolId }),
      )
      return output
    }

    const sent = { SmsConfiguration: smsConfiguration, SmsAuthenticationMessage: 'Yours: {####}' }
    const shown = {
      SmsMfaConfiguration: {
        SmsConfiguration: { ...smsConfiguration, SnsRegion: 'us-east-1' },
        SmsAuthenticationMessage: 'Yours: {####}',
      },
    }
    for (const [what, input, output] of [
      ['of a pool that said nothing', {}, { MfaConfiguration: 'OFF' }],
      ['of a pool with SMS for other things', sent, { MfaConfiguration: 'OFF' }],
      [
        'of a pool that was created with MFA',
        { ...sent, MfaConfiguration: 'OPTIONAL' },
        { ...shown, MfaConfiguration: 'OPTIONAL' },
      ],
      ['and with required MFA', { ...sent, MfaConfiguration: 'ON' }, { ...shown, MfaConfiguration: 'ON' }],
    ] as const) {
      test(`shows the factors ${what}`, async () => {
        const { UserPool } = await server().client.send(
          new CreateUserPoolCommand({ PoolName: 'test', ...input }),
        )
        assert.deepEqual(await get(UserPool?.Id ?? ''), output)
      })
    }

    poolMustExist(server, get)
  })
})
