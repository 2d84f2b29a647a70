import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  DeleteUserPoolClientCommand,
  DescribeRiskConfigurationCommand,
  SetRiskConfigurationCommand,
  type SetRiskConfigurationCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

type Settings = Omit<SetRiskConfigurationCommandInput, 'UserPoolId' | 'ClientId'>

/** The example of the developer guide, "Setting up threat protection". */
const documented: Settings = {
  AccountTakeoverRiskConfiguration: {
    Actions: {
      HighAction: { EventAction: 'MFA_REQUIRED', Notify: true },
      LowAction: { EventAction: 'NO_ACTION', Notify: true },
      MediumAction: { EventAction: 'MFA_IF_CONFIGURED', Notify: true },
    },
    NotifyConfiguration: {
      BlockEmail: { Subject: 'You have been blocked', TextBody: 'We blocked {username} at {login-time}.' },
      From: 'admin@example.com',
      MfaEmail: { Subject: 'MFA required', TextBody: 'Unexpected sign-in on device {device-name}.' },
      NoActionEmail: {
        Subject: 'Secure your user account',
        TextBody: 'Suspicious sign-in from {city}, {country}.',
        HtmlBody: '<p>Suspicious sign-in from {city}, {country}.',
      },
      ReplyTo: 'admin@example.com',
      SourceArn: 'arn:aws:ses:us-west-2:123456789012:identity/admin@example.com',
    },
  },
  CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: 'BLOCK' }, EventFilter: ['SIGN_UP'] },
  RiskExceptionConfiguration: {
    BlockedIPRangeList: ['192.0.2.0/24', '198.51.100.0/24', '2001:db8::/32'],
    SkippedIPRangeList: ['203.0.113.0/24'],
  },
}
const exceptions: Settings = { RiskExceptionConfiguration: { BlockedIPRangeList: ['192.0.2.0/24'] } }

describe('SetRiskConfiguration', () => {
  onEachStore((server) => {
    let UserPoolId: string
    let ClientId: string
    before(async () => {
      UserPoolId = await createPool(server())
      ClientId = (await createClient(server(), UserPoolId)).ClientId
    })
    const set = async (settings: Settings, client?: string, pool = UserPoolId) => {
      const { RiskConfiguration } = await server().client.send(
        new SetRiskConfigurationCommand({ UserPoolId: pool, ClientId: client, ...settings }),
      )
      return RiskConfiguration
    }
    const describeIt = async (client?: string) => {
      const { RiskConfiguration } = await server().client.send(
        new DescribeRiskConfigurationCommand({ UserPoolId, ClientId: client }),
      )
      return RiskConfiguration
    }
    const modified = () => ({ LastModifiedDate: new Date(server().clock.now) })

    test('needs a signature', async () => {
      const { body } = await callRaw(server(), 'SetRiskConfiguration', '{}')
      assert.equal(JSON.parse(body).__type, 'MissingAuthenticationTokenException')
    })

    test('everything that can be said is shown as it was said, also while threat protection is off', async () => {
      const expected = { UserPoolId, ...documented, ...modified() }
      assert.deepEqual(await set(documented), expected)
      assert.deepEqual(await describeIt(), expected)
    })

    test('replaces all that was said before', async () => {
      await set(documented)
      server().clock.now += 1000
      assert.deepEqual(await set(exceptions), { UserPoolId, ...exceptions, ...modified() })
      assert.deepEqual(await describeIt(), { UserPoolId, ...exceptions, ...modified() })
    })

    test('of the pool and of a client, each for itself', async () => {
      await set(documented)
      assert.deepEqual(await describeIt(ClientId), { UserPoolId, ClientId })
      assert.deepEqual(await set(exceptions, ClientId), {
        UserPoolId,
        ClientId,
        ...exceptions,
        ...modified(),
      })
      assert.deepEqual(await describeIt(), { UserPoolId, ...documented, ...modified() })
      assert.deepEqual(await describeIt(ClientId), { UserPoolId, ClientId, ...exceptions, ...modified() })
    })

    test('the names alone ask for what there was at first', async () => {
      await set(documented)
      await set(exceptions, ClientId)
      assert.deepEqual(await set({}, ClientId), { UserPoolId, ClientId })
      assert.deepEqual(await describeIt(ClientId), { UserPoolId, ClientId })
      assert.deepEqual(await set({}), { UserPoolId })
      assert.deepEqual(await describeIt(), { UserPoolId })
    })

    test('passwords are looked at everywhere unless it is said where', async () => {
      for (const EventFilter of [undefined, []]) {
        const shown = await set({
          CompromisedCredentialsRiskConfiguration: { EventFilter, Actions: { EventAction: 'NO_ACTION' } },
        })
        assert.deepEqual(shown?.CompromisedCredentialsRiskConfiguration, {
          EventFilter: ['SIGN_IN', 'PASSWORD_CHANGE', 'SIGN_UP'],
          Actions: { EventAction: 'NO_ACTION' },
        })
      }
    })

    test('refuses what is no range of addresses, and what there was stays', async () => {
      const standing = await set(exceptions)
      await assert.rejects(
        set({ RiskExceptionConfiguration: { SkippedIPRangeList: ['192.0.2.1'] } }),
        refusal('InvalidParameterException', '192.0.2.1 is not an IP address range in CIDR notation.'),
      )
      assert.deepEqual(await describeIt(), standing)
    })

    test('refuses a client that is not there, or is there no more', async () => {
      const { ClientId: gone } = await createClient(server(), UserPoolId)
      await set(exceptions, gone)
      await server().client.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId: gone }))
      for (const id of [gone, 'absent']) {
        const absent = refusal('ResourceNotFoundException', `User pool client ${id} does not exist.`)
        await assert.rejects(set(exceptions, id), absent)
        await assert.rejects(set({}, id), absent)
        await assert.rejects(describeIt(id), absent)
      }
    })

    poolMustExist(server, (pool) => set(exceptions, undefined, pool))
  })
})
