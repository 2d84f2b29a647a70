import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  GetUserPoolClientSessionConfigurationCommand,
  GetUserPoolSessionConfigurationCommand,
  SetUserPoolClientSessionConfigurationCommand,
  SetUserPoolSessionConfigurationCommand,
  type UserSessionTrackingType,
} from '@aws-sdk/client-cognito-identity-provider'
import { refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { createPlace, type Place, refused, updatePool } from '../../../test/tokens.ts'

describe('the configuration of sessions', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server())
    })
    const set = (UserSessionTracking: UserSessionTrackingType, MaxPerUser: number, { UserPoolId } = place) =>
      server().client.send(
        new SetUserPoolSessionConfigurationCommand({
          UserPoolId,
          UserSessionTracking,
          TokenSession: { MaxPerUser },
        }),
      )
    const get = async ({ UserPoolId } = place) => {
      const { $metadata: _, ...answer } = await server().client.send(
        new GetUserPoolSessionConfigurationCommand({ UserPoolId }),
      )
      return answer
    }
    const setClient = (MaxValidityMinutes: number, { UserPoolId, ClientId } = place) =>
      server().client.send(
        new SetUserPoolClientSessionConfigurationCommand({
          UserPoolId,
          ClientId,
          SSOSession: { MaxValidityMinutes },
        }),
      )
    const getClient = async ({ UserPoolId, ClientId } = place) => {
      const { $metadata: _, ...answer } = await server().client.send(
        new GetUserPoolClientSessionConfigurationCommand({ UserPoolId, ClientId }),
      )
      return answer
    }
    const ofPool = (UserSessionTracking: string, MaxPerUser: number) => ({
      UserPoolId: place.UserPoolId,
      UserSessionTracking,
      TokenSession: { MaxPerUser },
    })
    const ofClient = (MaxValidityMinutes: number) => ({
      UserPoolId: place.UserPoolId,
      ClientId: place.ClientId,
      SSOSession: { MaxValidityMinutes },
    })

    test('begins off, with twenty sessions, and an hour for clients', async () => {
      assert.deepEqual(await get(), ofPool('DISABLED', 20))
      assert.deepEqual(await getClient(), ofClient(60))
    })

    test('is replaced whole, within its bounds', async () => {
      for (const [tracking, most] of [
        ['ENABLED', 1],
        ['DISABLED', 100],
        ['ENABLED', 7],
      ] as const) {
        const { $metadata: _, ...answer } = await set(tracking, most)
        assert.deepEqual(answer, ofPool(tracking, most))
        assert.deepEqual(await get(), ofPool(tracking, most))
      }
      for (const minutes of [0, 129600, 30]) {
        const { $metadata: _, ...answer } = await setClient(minutes)
        assert.deepEqual(answer, ofClient(minutes))
        assert.deepEqual(await getClient(), ofClient(minutes))
      }
    })

    test('of a client is kept while tracking is off, and cannot be set', async () => {
      await set('ENABLED', 5)
      await setClient(45)
      await set('DISABLED', 5)
      await assert.rejects(
        setClient(50),
        refusal('InvalidParameterException', 'Session tracking is not enabled for the user pool.'),
      )
      await set('ENABLED', 5)
      assert.deepEqual(await getClient(), ofClient(45))
    })

    test('survives UpdateUserPool, which replaces other things', async () => {
      await set('ENABLED', 9)
      await updatePool(server(), place, {})
      assert.deepEqual(await get(), ofPool('ENABLED', 9))
    })

    test('needs a higher plan than Lite', async () => {
      const lite = await createPlace(server(), {}, { UserPoolTier: 'LITE' })
      for (const call of [() => set('DISABLED', 20, lite), () => setClient(60, lite)]) {
        await assert.rejects(call(), { name: 'FeatureUnavailableInTierException' })
      }
      assert.equal((await get(lite)).UserSessionTracking, 'DISABLED')
    })

    test('outside its bounds is refused, and in part', async () => {
      const violation = (text: string) =>
        refusal('InvalidParameterException', `1 validation error detected: ${text}`)
      for (const [most, bound] of [
        [0, 'greater than or equal to 1'],
        [101, 'less than or equal to 100'],
      ] as const) {
        await assert.rejects(
          set('ENABLED', most),
          violation(
            `Value '${most}' at 'tokenSession.maxPerUser' failed to satisfy constraint: Member must have value ${bound}`,
          ),
        )
      }
      for (const [minutes, bound] of [
        [-1, 'greater than or equal to 0'],
        [129601, 'less than or equal to 129600'],
      ] as const) {
        await assert.rejects(
          setClient(minutes),
          violation(
            `Value '${minutes}' at 'sSOSession.maxValidityMinutes' failed to satisfy constraint: Member must have value ${bound}`,
          ),
        )
      }
      const unsigned = await callRaw(server(), 'SetUserPoolSessionConfiguration', '{}')
      assert.equal(JSON.parse(unsigned.body).__type, 'MissingAuthenticationTokenException')
    })

    test('of a pool or a client that is not there', async () => {
      const nowhere = { ...place, UserPoolId: 'us-east-1_Absent123' }
      const noPool = refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.')
      for (const call of [
        () => set('ENABLED', 1, nowhere),
        () => get(nowhere),
        () => setClient(1, nowhere),
        () => getClient(nowhere),
      ]) {
        await assert.rejects(call(), noPool)
      }
      const absent = { ...place, ClientId: 'absent' }
      for (const call of [() => setClient(1, absent), () => getClient(absent)]) {
        await assert.rejects(call(), refused.noClient('absent'))
      }
    })
  })
})
