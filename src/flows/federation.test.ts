import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  AdminListUserAuthEventsCommand,
  SetLogDeliveryConfigurationCommand,
  SetRiskConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import type { Place } from '../../test/accounts.ts'
import { attributesIn } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import {
  type Acme,
  authorizeUrl,
  browserAt,
  comeBy,
  exchange,
  federatedPlace,
  startAcme,
} from '../../test/identity-provider.ts'
import { keptTrail, plain } from '../../test/trail.ts'
import type { PoolLog } from '../domain/pool-log.ts'

const ada = { sub: 'ada', email: 'ada@example.com' }

describe('what is on record of a sign-in elsewhere', () => {
  const trail = keptTrail()
  const logs: PoolLog['message'][] = []
  const poolLogs = {
    put: (_: unknown, { message }: PoolLog) => void logs.push(message),
    close: async () => {},
  }

  onEachStore(
    (server) => {
      let acme: Acme
      let place: Place
      before(async () => {
        acme = await startAcme(server())
        const pool = {
          UserPoolTier: 'PLUS',
          UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
        } as const
        place = await federatedPlace(server(), { pool })
        const toGroup = { LogGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:events' }
        await server().client.send(
          new SetLogDeliveryConfigurationCommand({
            UserPoolId: place.UserPoolId,
            LogConfigurations: [
              { LogLevel: 'INFO', EventSource: 'userAuthEvents', CloudWatchLogsConfiguration: toGroup },
            ],
          }),
        )
      })
      beforeEach(() => {
        trail.told()
        logs.length = 0
      })
      const common = () => ({
        kind: 'sign-in',
        time: new Date(server().clock.now).toISOString(),
        accountId: '123456789012',
        region: 'us-east-1',
        source: { address: '' },
        who: { kind: 'client', clientId: place.ClientId },
        poolId: place.UserPoolId,
        clientId: place.ClientId,
      })
      const Username = 'Acme_ada'
      const subOf = async () => {
        const { UserPoolId } = place
        const user = await server().client.send(new AdminGetUserCommand({ UserPoolId, Username }))
        trail.told()
        return attributesIn(user.UserAttributes).sub
      }

      test('is that it passed: in the trail, in the events of the user and in the logs of the pool', async () => {
        const back = await comeBy(browserAt(server), acme, place, ada)
        const told = plain(trail.told())
        const sub = await subOf()
        const { body } = await exchange(server(), place, { code: back.searchParams.get('code') ?? '' })
        const signInId = String(decodeJwt(String(body.access_token)).event_id)
        assert.deepEqual(told, [
          { ...common(), sub, signInId, flow: 'federation', provider: 'Acme', result: 'Pass' },
        ])
        // What comes of the code is no sign-in.
        assert.deepEqual(trail.told(), [])
        const { AuthEvents = [] } = await server().client.send(
          new AdminListUserAuthEventsCommand({ UserPoolId: place.UserPoolId, Username }),
        )
        assert.deepEqual(
          AuthEvents.map(({ EventId, EventType, EventResponse }) => [EventId, EventType, EventResponse]),
          [[signInId, 'SignIn', 'Pass']],
        )
        assert.deepEqual(
          logs.map(({ eventId, eventResponse, userSub, userName, idpName, clientId }) => ({
            eventId,
            eventResponse,
            userSub,
            userName,
            idpName,
            clientId,
          })),
          [
            {
              eventId: signInId,
              eventResponse: 'Pass',
              userSub: sub ?? '',
              userName: Username,
              idpName: 'Acme',
              clientId: place.ClientId,
            },
          ],
        )
      })

      test('is that the provider refused, of nobody that is known here', async () => {
        const browser = browserAt(server)
        const back = acme.signsIn(await browser.sentTo(authorizeUrl(place)), ada)
        back.searchParams.set('code', 'another')
        await browser.sentTo(`${back.pathname}${back.search}`)
        assert.deepEqual(plain(trail.told()), [{ ...common(), result: 'Fail' }])
        assert.deepEqual(logs, [])
      })

      test('is that the pool refused, and whom', async () => {
        await comeBy(browserAt(server), acme, place, ada)
        const sub = await subOf()
        logs.length = 0
        const back = await comeBy(browserAt(server), acme, place, {
          ...ada,
          email: 'not an address',
        } as typeof ada)
        assert.equal(back.searchParams.get('error_description'), 'Invalid email address format.')
        const [event] = plain(trail.told()) as [{ signInId: string }]
        const { signInId, ...rest } = event
        assert.ok(signInId)
        const failed = { flow: 'federation', provider: 'Acme', result: 'Fail', fault: 'InvalidParameter' }
        assert.deepEqual(rest, { ...common(), sub, ...failed })
      })

      test('is that an address was blocked', async () => {
        const RiskExceptionConfiguration = { BlockedIPRangeList: ['0.0.0.0/0', '::/0'] }
        const { UserPoolId } = place
        await server().client.send(
          new SetRiskConfigurationCommand({ UserPoolId, RiskExceptionConfiguration }),
        )
        trail.told()
        const back = await comeBy(browserAt(server, '192.0.2.1'), acme, place, ada)
        assert.equal(back.searchParams.get('error'), 'invalid_request')
        const [event] = plain(trail.told()) as [{ fault: string; source: object }]
        assert.equal(event.fault, 'AddressBlocked')
        assert.deepEqual(event.source, { address: '192.0.2.1' })
      })
    },
    { trail, poolLogs },
  )
})
