import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminForgetDeviceCommand,
  AdminGetDeviceCommand,
  AdminListDevicesCommand,
  AdminUpdateDeviceStatusCommand,
  ForgetDeviceCommand,
  GetDeviceCommand,
  ListDevicesCommand,
  UpdateDeviceStatusCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createDeviceVerifier } from 'cognito-srp-helper'
import {
  confirm,
  confirmDevice,
  confirmedDevice,
  newDeviceIn,
  tracking,
  trackingOnPrompt,
} from '../../../test/devices.ts'
import { attributesIn, createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { N, newDeviceSecret } from '../../../test/srp-client.ts'
import {
  changeUser,
  claimsOf,
  createPlace,
  type Place,
  refused,
  type Tokens,
  tokensOf,
} from '../../../test/tokens.ts'
import { days } from '../../lib/instant.ts'

/** Nobody's. */
const DeviceKey = 'us-east-1_00000000-0000-4000-8000-000000000000'
const invalid = (text: string) => refusal('InvalidParameterException', text)

describe('devices', () => {
  onEachStore((server) => {
    let place: Place
    let untracked: Place
    before(async () => {
      place = await createPlace(server(), {}, tracking)
      untracked = await createPlace(server())
      for (const name of ['ada', 'bob']) {
        await createUser(server(), place.UserPoolId, name)
        await createUser(server(), untracked.UserPoolId, name)
      }
    })
    const send = <T>(command: T) => server().client.send(command as never) as Promise<unknown>
    const get = (AccessToken: string | undefined, DeviceKey: string) =>
      server().client.send(new GetDeviceCommand({ AccessToken, DeviceKey }))
    const adminGet = (Username: string, DeviceKey: string, { UserPoolId } = place) =>
      server().client.send(new AdminGetDeviceCommand({ UserPoolId, Username, DeviceKey }))
    const list = (AccessToken: string, Limit?: number, PaginationToken?: string) =>
      server().client.send(new ListDevicesCommand({ AccessToken, Limit, PaginationToken }))
    const adminList = (Username: string, Limit?: number, PaginationToken?: string, { UserPoolId } = place) =>
      server().client.send(new AdminListDevicesCommand({ UserPoolId, Username, Limit, PaginationToken }))

    test('a sign-in makes a device known, and its key goes into the access token', async () => {
      const { AccessToken, IdToken, result } = await tokensOf(server(), place, 'ada')
      const { key, groupKey } = newDeviceIn(result)
      assert.match(key, /^us-east-1_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      assert.match(groupKey, /^-[A-Za-z0-9]{8}$/)
      assert.equal(claimsOf(AccessToken).device_key, key)
      assert.equal(claimsOf(IdToken).device_key, undefined)
      const other = newDeviceIn((await tokensOf(server(), place, 'ada')).result)
      assert.notEqual(other.key, key)
    })

    test('none is made known where the pool does not track them', async () => {
      const { AccessToken, result } = await tokensOf(server(), untracked, 'ada', { DEVICE_KEY: DeviceKey })
      assert.equal(result.NewDeviceMetadata, undefined)
      assert.equal(claimsOf(AccessToken).device_key, undefined)
    })

    test('is shown from its confirmation on: to its user, and more of it to administrators', async () => {
      const { clock } = server()
      clock.now += 321
      const signedInAt = clock.now
      const tokens = await tokensOf(server(), place, 'bob')
      const { key } = newDeviceIn(tokens.result)
      await assert.rejects(get(tokens.AccessToken, key), refused.noDevice)
      assert.deepEqual((await list(tokens.AccessToken)).Devices, [])
      clock.now += 1000
      const { mustAsk } = await confirm(server(), tokens)
      assert.equal(mustAsk, false)
      const { $metadata: _, ...shown } = await get(tokens.AccessToken, key)
      const dates = {
        DeviceCreateDate: new Date(signedInAt),
        DeviceLastModifiedDate: new Date(clock.now),
        DeviceLastAuthenticatedDate: new Date(Math.floor(signedInAt / 1000) * 1000),
      }
      const own = [
        { Name: 'device_status', Value: 'valid' },
        { Name: 'device_name', Value: 'test device' },
        { Name: 'last_ip_used', Value: '127.0.0.1' },
      ]
      assert.deepEqual(shown, { Device: { DeviceKey: key, DeviceAttributes: own, ...dates } })
      const { UserPoolId } = place
      const owner = `bob.${UserPoolId}`
      const [status, name, ip] = own
      const { $metadata: __, ...whole } = await adminGet('bob', key)
      assert.deepEqual(whole, {
        Device: {
          DeviceKey: key,
          DeviceAttributes: [
            status,
            name,
            {
              Name: 'dev:device_arn',
              Value: `arn:aws:cognito-idp:us-east-1:123456789012:owner/${owner}/device/${key}`,
            },
            { Name: 'dev:device_owner', Value: owner },
            ip,
            { Name: 'dev:device_remembered_status', Value: 'remembered' },
            { Name: 'dev:device_sdk', Value: 'aws-sdk-unknown-unknown' },
          ],
          ...dates,
        },
      })
      assert.deepEqual((await list(tokens.AccessToken)).Devices, [shown.Device])
      assert.deepEqual((await adminList('bob')).Devices, [whole.Device])
    })

    test('are listed a page at a time, in order, each once', async () => {
      await createUser(server(), place.UserPoolId, 'many')
      const keys: string[] = []
      let token = ''
      for (let index = 0; index < 5; index += 1) {
        const { device, tokens } = await confirmedDevice(server(), place, 'many')
        keys.push(device.key)
        token = tokens.AccessToken
      }
      for (const pageOf of [
        (next?: string) => list(token, 2, next),
        (next?: string) => adminList('many', 2, next),
      ]) {
        const listed: (string | undefined)[] = []
        let next: string | undefined
        do {
          const page = await pageOf(next)
          assert.ok((page.Devices?.length ?? 0) <= 2)
          listed.push(...(page.Devices ?? []).map(({ DeviceKey }) => DeviceKey))
          next = page.PaginationToken
        } while (next !== undefined)
        assert.deepEqual(listed, keys.toSorted())
      }
      const { PaginationToken } = await adminList('many', 2)
      const foreign = (await tokensOf(server(), place, 'ada')).AccessToken
      await assert.rejects(list(foreign, 2, PaginationToken), invalid('Invalid pagination token.'))
      await assert.rejects(adminList('ada', 2, 'made-up'), invalid('Invalid pagination token.'))
      assert.equal((await list(token, 0)).Devices?.length, 5)
    })

    test('are remembered and no longer, and forgotten for good', async () => {
      const { UserPoolId } = place
      const { device, tokens } = await confirmedDevice(server(), place, 'ada')
      const { AccessToken } = tokens
      const DeviceKey = device.key
      const status = async () =>
        attributesIn((await adminGet('ada', DeviceKey)).Device?.DeviceAttributes)[
          'dev:device_remembered_status'
        ]
      const by = [
        (DeviceRememberedStatus?: 'remembered' | 'not_remembered') =>
          server().client.send(
            new UpdateDeviceStatusCommand({ AccessToken, DeviceKey, DeviceRememberedStatus }),
          ),
        (DeviceRememberedStatus?: 'remembered' | 'not_remembered') =>
          server().client.send(
            new AdminUpdateDeviceStatusCommand({
              UserPoolId,
              Username: 'ada',
              DeviceKey,
              DeviceRememberedStatus,
            }),
          ),
      ]
      for (const set of by) {
        for (const wanted of ['not_remembered', 'remembered'] as const) {
          server().clock.now += 5000
          const { $metadata: _, ...answer } = await set(wanted)
          assert.deepEqual(answer, {})
          assert.equal(await status(), wanted)
          const { Device } = await get(AccessToken, DeviceKey)
          assert.equal(Device?.DeviceLastModifiedDate?.getTime(), server().clock.now)
        }
        await set(undefined)
        assert.equal(await status(), 'remembered')
      }
      const { $metadata, ...answer } = await server().client.send(
        new ForgetDeviceCommand({ AccessToken, DeviceKey }),
      )
      assert.deepEqual([$metadata.httpStatusCode, answer], [200, {}])
      const other = (await confirmedDevice(server(), place, 'ada')).device.key
      await server().client.send(
        new AdminForgetDeviceCommand({ UserPoolId, Username: 'ada', DeviceKey: other }),
      )
      for (const key of [DeviceKey, other]) {
        await assert.rejects(get(AccessToken, key), refused.noDevice)
        await assert.rejects(confirmDevice(server(), AccessToken, key), invalid('Invalid device key given.'))
      }
    })

    describe('ConfirmDevice', () => {
      test('asks the user first, where the pool wants that', async () => {
        const prompting = await createPlace(server(), {}, trackingOnPrompt)
        await createUser(server(), prompting.UserPoolId, 'asked')
        const { device, mustAsk } = await confirmedDevice(server(), prompting, 'asked')
        assert.equal(mustAsk, true)
        const { Device } = await adminGet('asked', device.key, prompting)
        assert.equal(attributesIn(Device?.DeviceAttributes)['dev:device_remembered_status'], 'not_remembered')
      })

      test('takes what cognito-srp-helper makes, and a name is not needed', async () => {
        const { AccessToken, result } = await tokensOf(server(), place, 'ada')
        const { key, groupKey } = newDeviceIn(result)
        const { DeviceSecretVerifierConfig } = createDeviceVerifier(key, groupKey)
        await confirmDevice(server(), AccessToken, key, { DeviceSecretVerifierConfig })
        const { Device } = await get(AccessToken, key)
        assert.equal(attributesIn(Device?.DeviceAttributes).device_name, undefined)
      })

      test('is for devices that wait for it', async () => {
        const made = newDeviceSecret('-group', DeviceKey)
        const { AccessToken } = await tokensOf(server(), place, 'ada')
        const bobs = newDeviceIn((await tokensOf(server(), place, 'bob')).result)
        const { DeviceSecretVerifierConfig } = made
        for (const key of [DeviceKey, bobs.key]) {
          await assert.rejects(
            confirmDevice(server(), AccessToken, key, { DeviceSecretVerifierConfig }),
            invalid('Invalid device key given.'),
          )
        }
        const { device, tokens } = await confirmedDevice(server(), place, 'ada')
        await assert.rejects(
          confirmDevice(server(), tokens.AccessToken, device.key, { DeviceSecretVerifierConfig }),
          refusal('DeviceKeyExistsException', 'Device key already exists.'),
        )
      })

      test('of twenty at once one gives the device its secret', async () => {
        const { AccessToken, result } = await tokensOf(server(), place, 'ada')
        const { key, groupKey } = newDeviceIn(result)
        const results = await Promise.allSettled(
          Array.from({ length: 20 }, () =>
            confirmDevice(server(), AccessToken, key, newDeviceSecret(groupKey, key)),
          ),
        )
        const losers = results.filter((outcome) => outcome.status === 'rejected')
        assert.equal(losers.length, 19)
        for (const { reason } of losers) assert.equal(reason.name, 'DeviceKeyExistsException')
      })

      test('refuses a secret that could prove nothing', async () => {
        const { AccessToken, result } = await tokensOf(server(), place, 'ada')
        const { key } = newDeviceIn(result)
        const of = (value: bigint) => Buffer.from(value.toString(16), 'hex').toString('base64')
        const noSalt = invalid('The device secret verifier has no salt.')
        const noNumber = invalid('The password verifier is no number of the SRP group.')
        for (const [config, expected] of [
          [undefined, noSalt],
          [{}, noSalt],
          [{ PasswordVerifier: 'AQID' }, noSalt],
          [{ Salt: '!', PasswordVerifier: 'AQID' }, noSalt],
          [{ Salt: 'AQID' }, noNumber],
          [{ Salt: 'AQID', PasswordVerifier: 'AAAA' }, noNumber],
          [{ Salt: 'AQID', PasswordVerifier: of(N) }, noNumber],
        ] as const) {
          await assert.rejects(
            confirmDevice(server(), AccessToken, key, { DeviceSecretVerifierConfig: config }),
            expected,
          )
        }
      })
    })

    const byToken: readonly (readonly [
      name: string,
      call: (AccessToken: string, DeviceKey: string) => Promise<unknown>,
    ])[] = [
      ['ConfirmDevice', (token, key) => confirmDevice(server(), token, key)],
      ['GetDevice', get],
      ['ListDevices', (token) => list(token)],
      [
        'UpdateDeviceStatus',
        (AccessToken, DeviceKey) => send(new UpdateDeviceStatusCommand({ AccessToken, DeviceKey })),
      ],
      ['ForgetDevice', (AccessToken, DeviceKey) => send(new ForgetDeviceCommand({ AccessToken, DeviceKey }))],
    ]
    const byIam: readonly (readonly [name: string, call: (at: Place, name: string) => Promise<unknown>])[] = [
      ['AdminGetDevice', (at, name) => adminGet(name, DeviceKey, at)],
      ['AdminListDevices', (at, name) => adminList(name, undefined, undefined, at)],
      [
        'AdminUpdateDeviceStatus',
        ({ UserPoolId }, Username) =>
          send(new AdminUpdateDeviceStatusCommand({ UserPoolId, Username, DeviceKey })),
      ],
      [
        'AdminForgetDevice',
        ({ UserPoolId }, Username) => send(new AdminForgetDeviceCommand({ UserPoolId, Username, DeviceKey })),
      ],
    ]

    describe('a pool that does not track them', () => {
      for (const [name, call] of byToken) {
        test(name, async () => {
          const { AccessToken } = await tokensOf(server(), untracked, 'ada')
          await assert.rejects(call(AccessToken, DeviceKey), refused.trackingOff)
        })
      }
      for (const [name, call] of byIam) {
        test(name, () => assert.rejects(call(untracked, 'ada'), refused.trackingOff))
      }
    })

    describe('a device that is not there, or is another user’s', () => {
      for (const [name, call] of byToken) {
        if (name === 'ListDevices' || name === 'ConfirmDevice') continue
        test(name, async () => {
          const { AccessToken } = await tokensOf(server(), place, 'ada')
          const { device } = await confirmedDevice(server(), place, 'bob')
          for (const key of [DeviceKey, device.key]) {
            await assert.rejects(call(AccessToken, key), refused.noDevice)
          }
        })
      }
      for (const [name, call] of byIam) {
        if (name === 'AdminListDevices') continue
        test(name, () => assert.rejects(call(place, 'ada'), refused.noDevice))
      }
    })

    describe('an account that is not in order', () => {
      const rows = [
        ['UNCONFIRMED', refused.notConfirmed],
        ['RESET_REQUIRED', refused.mustReset],
      ] as const
      for (const [name, call] of byToken) {
        test(name, async () => {
          const username = `disorderly-${name}`
          await createUser(server(), place.UserPoolId, username)
          const { AccessToken }: Tokens = await tokensOf(server(), place, username)
          for (const [status, expected] of rows) {
            await changeUser(server(), place, username, (user) => ({ ...user, status }))
            await assert.rejects(call(AccessToken, DeviceKey), expected)
          }
        })
      }
    })

    test('a user who is not there, in the words of each operation’s model', async () => {
      const here = refusal('ResourceNotFoundException', 'User does not exist.')
      for (const [name, call] of byIam) {
        const known = name === 'AdminGetDevice' || name === 'AdminListDevices' ? here : refused.unknownUser
        await assert.rejects(call(place, 'nobody'), known)
      }
    })

    test('there is no way in without a token, though the model does not require it', async () => {
      for (const operation of ['GetDevice', 'ForgetDevice']) {
        const { body } = await callRaw(server(), operation, JSON.stringify({ DeviceKey }))
        assert.deepEqual(JSON.parse(body), {
          __type: 'NotAuthorizedException',
          message: 'Invalid Access Token',
        })
      }
    })

    test('never confirmed and without a session, they are swept away; the others stay', async () => {
      const { store } = server().app
      const waiting = await tokensOf(server(), place, 'ada')
      await confirmedDevice(server(), place, 'ada')
      const confirmed = (await adminList('ada', 60)).Devices?.length
      await store.devices.deleteUnclaimed()
      await confirm(server(), waiting)
      await tokensOf(server(), place, 'ada')
      await store.tokenSessions.deleteExpired(server().clock.now + days(31))
      assert.ok((await store.devices.deleteUnclaimed()) >= 1)
      assert.equal(await store.devices.deleteUnclaimed(), 0)
      assert.equal((await adminList('ada', 60)).Devices?.length, (confirmed ?? 0) + 1)
    })
  })
})
