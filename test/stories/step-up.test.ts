import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminInitiateAuthCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  accessTokenOf,
  appCode,
  type By,
  claimsOf,
  createFactorPool,
  enrolApp,
  enrolPasskey,
  everybody,
  firstFactors,
  type Place,
  respond,
  smsFactor,
  startByPassword,
  tokenFactor,
} from '../factors.ts'
import { createUser, password, phone, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'
import { codeSent } from '../sign-in.ts'

const loa = (...levels: number[]) => levels.map((level) => `urn:cognito:loa:${level}`).join(' ')
const invalid = (text: string) => refusal('InvalidParameterException', text)

/** A sign-in that must reach a level, and one that adds to what an access token shows. */
onEachStore((server) => {
  let place: Place
  before(async () => {
    place = await createFactorPool(
      server(),
      {
        MfaConfiguration: 'OPTIONAL',
        ...smsFactor,
        ...tokenFactor,
        WebAuthnConfiguration: { RelyingPartyId: 'example.com' },
      },
      {
        ...firstFactors('EMAIL_OTP', 'WEB_AUTHN'),
        AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
      },
    )
  })
  const start = (name: string, parameters: Record<string, string>, by: By = 'public', at = place) => {
    const { UserPoolId, ClientId } = at
    const input = {
      ClientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: name, ...parameters },
    } as const
    return by === 'public'
      ? server().client.send(new InitiateAuthCommand(input))
      : server().client.send(new AdminInitiateAuthCommand({ UserPoolId, ...input }))
  }
  const person = async (name: string, attributes: Record<string, string> = {}) => {
    await createUser(server(), place.UserPoolId, name, attributes)
    return accessTokenOf(server(), place, name)
  }
  const levelIn = (token: string | undefined) => {
    const { acr, amr } = claimsOf(token)
    return { acr, amr }
  }

  for (const by of everybody) {
    describe(`by the ${by} operations`, () => {
      test('a password must be followed by a code, though the pool demands none', async () => {
        const name = `fresh-${by}`
        await person(name, { phone_number: phone })
        const asked = await start(
          name,
          { TARGET_ACR_VALUES: loa(3), PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: password },
          by,
        )
        assert.equal(asked.ChallengeName, 'SMS_MFA')
        const { AuthenticationResult } = await respond(
          server(),
          place,
          asked,
          { USERNAME: name, SMS_MFA_CODE: await codeSent(server()) },
          by,
        )
        const expected = { acr: loa(3), amr: ['pwd', 'sms', 'mfa'] }
        assert.deepEqual(levelIn(AuthenticationResult?.AccessToken), expected)
        assert.deepEqual(levelIn(AuthenticationResult?.IdToken), expected)
      })

      test('a token that shows a password lacks the code alone, and a new session shows both', async () => {
        const name = `credited-${by}`
        const ACCESS_TOKEN = await person(name, { phone_number: phone })
        assert.deepEqual(levelIn(ACCESS_TOKEN), { acr: loa(1), amr: ['pwd'] })
        server().clock.now += 60_000
        const asked = await start(name, { TARGET_ACR_VALUES: loa(4, 3), ACCESS_TOKEN }, by)
        assert.equal(asked.ChallengeName, 'SMS_MFA')
        const { AuthenticationResult } = await respond(
          server(),
          place,
          asked,
          { USERNAME: name, SMS_MFA_CODE: await codeSent(server()) },
          by,
        )
        const stepped = claimsOf(AuthenticationResult?.AccessToken)
        assert.deepEqual([stepped.acr, stepped.amr], [loa(3), ['pwd', 'sms', 'mfa']])
        const before = claimsOf(ACCESS_TOKEN)
        assert.equal(Number(stepped.auth_time) - Number(before.auth_time), 60)
        assert.notEqual(stepped.origin_jti, before.origin_jti)
        assert.ok(AuthenticationResult?.RefreshToken)
      })
    })
  }

  test('several ways on: second factors are selected, first factors among them by SELECT_CHALLENGE', async () => {
    const name = 'selecting'
    const ACCESS_TOKEN = await person(name, { phone_number: phone, email: 'selecting@example.com' })
    const app = await enrolApp(server(), ACCESS_TOKEN)
    const asked = await start(name, { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN })
    assert.equal(asked.ChallengeName, 'SELECT_MFA_TYPE')
    assert.equal(asked.ChallengeParameters?.MFAS_CAN_CHOOSE, '["SMS_MFA","SOFTWARE_TOKEN_MFA"]')
    const chosen = await respond(server(), place, asked, { USERNAME: name, ANSWER: 'SOFTWARE_TOKEN_MFA' })
    server().clock.now += 60_000
    const SOFTWARE_TOKEN_MFA_CODE = appCode(server(), app)
    const { AuthenticationResult } = await respond(server(), place, chosen, {
      USERNAME: name,
      SOFTWARE_TOKEN_MFA_CODE,
    })
    assert.deepEqual(levelIn(AuthenticationResult?.AccessToken), { acr: loa(4), amr: ['pwd', 'otp', 'mfa'] })

    await enrolPasskey(server(), ACCESS_TOKEN)
    const again = await start(name, { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN })
    assert.equal(again.ChallengeName, 'SELECT_CHALLENGE')
    assert.deepEqual(again.AvailableChallenges, ['WEB_AUTHN', 'SMS_MFA', 'SOFTWARE_TOKEN_MFA'])
    const bySms = await respond(server(), place, again, { USERNAME: name, ANSWER: 'SMS_MFA' })
    assert.equal(bySms.ChallengeName, 'SMS_MFA')
    await server().sent()
    const byApp = await respond(
      server(),
      place,
      await start(name, { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN }),
      { USERNAME: name, ANSWER: 'SOFTWARE_TOKEN_MFA' },
    )
    assert.equal(byApp.ChallengeName, 'SOFTWARE_TOKEN_MFA')
    const highest = await start(name, { TARGET_ACR_VALUES: loa(4), ACCESS_TOKEN })
    assert.equal(highest.ChallengeName, 'SOFTWARE_TOKEN_MFA')
    const direct = await start(name, {
      TARGET_ACR_VALUES: loa(3),
      ACCESS_TOKEN,
      PREFERRED_CHALLENGE: 'WEB_AUTHN',
    })
    assert.equal(direct.ChallengeName, 'WEB_AUTHN')
  })

  test('a code by email shows level 2; with the password it is 3', async () => {
    const name = 'coded'
    await person(name, { email: 'coded@example.com' })
    const mailed = await start(name, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
    const EMAIL_OTP_CODE = await codeSent(server())
    const first = await respond(server(), place, mailed, { USERNAME: name, EMAIL_OTP_CODE })
    const ACCESS_TOKEN = first.AuthenticationResult?.AccessToken ?? ''
    assert.deepEqual(levelIn(ACCESS_TOKEN), { acr: loa(2), amr: ['email_otp'] })
    const asked = await start(name, { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN })
    assert.equal(asked.ChallengeName, 'SELECT_CHALLENGE')
    assert.deepEqual(asked.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
    const { AuthenticationResult } = await respond(server(), place, asked, {
      USERNAME: name,
      ANSWER: 'PASSWORD',
      PASSWORD: password,
    })
    assert.deepEqual(levelIn(AuthenticationResult?.AccessToken), {
      acr: loa(3),
      amr: ['email_otp', 'pwd', 'mfa'],
    })
  })

  test('a token that is too old earns no credit, and stays good', async () => {
    const name = 'aged'
    const ACCESS_TOKEN = await person(name, { phone_number: phone })
    server().clock.now += 61_000
    const within = await start(name, { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN, MAX_AGE: '61' })
    assert.equal(within.ChallengeName, 'SMS_MFA')
    await server().sent()
    const beyond = await start(name, { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN, MAX_AGE: '60' })
    assert.equal(beyond.ChallengeName, 'SELECT_CHALLENGE')
    assert.deepEqual(beyond.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
    assert.deepEqual(await server().sent(), [])
  })

  describe('is refused', () => {
    test('without a level that can be reached: nothing is set up on the way', async () => {
      const ACCESS_TOKEN = await person('bare')
      const cannot = invalid('The user cannot reach any of the requested ACR values.')
      await assert.rejects(start('bare', { TARGET_ACR_VALUES: loa(4, 3) }), cannot)
      await assert.rejects(start('bare', { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN }), cannot)
      assert.equal((await start('bare', { TARGET_ACR_VALUES: loa(4, 1) })).ChallengeName, 'SELECT_CHALLENGE')
    })

    test('for levels that are none, and for one that the token has', async () => {
      const ACCESS_TOKEN = await person('levelled', { phone_number: phone })
      const none = invalid('None of the requested ACR values is valid for the user pool.')
      await assert.rejects(start('levelled', { TARGET_ACR_VALUES: 'gold silver' }), none)
      await assert.rejects(
        start('levelled', { TARGET_ACR_VALUES: loa(1), ACCESS_TOKEN }),
        invalid('The access token has the requested authentication level already.'),
      )
    })

    test('with a token and no level, another user’s token, and a MAX_AGE that is no number', async () => {
      const ACCESS_TOKEN = await person('owner', { phone_number: phone })
      await person('thief', { phone_number: phone })
      await assert.rejects(
        start('owner', { ACCESS_TOKEN }),
        invalid('ACCESS_TOKEN cannot be used without TARGET_ACR_VALUES.'),
      )
      await assert.rejects(
        start('thief', { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN }),
        invalid('The access token was issued for another user.'),
      )
      for (const MAX_AGE of ['-1', '1.5', 'old', '']) {
        await assert.rejects(
          start('owner', { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN, MAX_AGE }),
          invalid('MAX_AGE must be a whole number of seconds.'),
        )
      }
    })

    for (const by of everybody) {
      test(`with a token that is not in force, by the ${by} operations`, async () => {
        const name = `forceless-${by}`
        await createUser(server(), place.UserPoolId, name, { phone_number: phone })
        const { AuthenticationResult } = await startByPassword(server(), place, name, 'admin')
        const { AccessToken = '', RefreshToken, IdToken = '' } = AuthenticationResult ?? {}
        const step = (ACCESS_TOKEN: string) => start(name, { TARGET_ACR_VALUES: loa(3), ACCESS_TOKEN }, by)
        const [header, payload] = AccessToken.split('.')
        const not = (text: string) => refusal('NotAuthorizedException', text)
        await assert.rejects(step(IdToken), not('Invalid Access Token'))
        await assert.rejects(
          step(`${header}.${payload}.AAAA`),
          not('Could not verify signature for Access Token'),
        )
        server().clock.now += 3_600_000
        await assert.rejects(step(AccessToken), not('Access Token has expired'))
        server().clock.now -= 3_600_000
        await server().client.send(new RevokeTokenCommand({ Token: RefreshToken, ClientId: place.ClientId }))
        await assert.rejects(step(AccessToken), not('Access Token has been revoked'))
      })

      test(`in a pool of the Lite plan, by the ${by} operations`, async () => {
        const lite = await createFactorPool(server(), { MfaConfiguration: 'OFF' })
        await createUser(server(), lite.UserPoolId, 'lite')
        const { UpdateUserPoolCommand } = await import('@aws-sdk/client-cognito-identity-provider')
        await server().client.send(
          new UpdateUserPoolCommand({ UserPoolId: lite.UserPoolId, UserPoolTier: 'LITE' }),
        )
        await assert.rejects(start('lite', { TARGET_ACR_VALUES: loa(1) }, by, lite), {
          name: 'FeatureUnavailableInTierException',
        })
      })
    }
  })

  test('a client that hides who exists pretends that nobody can do what anybody might', async () => {
    const hiding = await createFactorPool(server(), { MfaConfiguration: 'OFF' }, firstFactors('EMAIL_OTP'), {
      PreventUserExistenceErrors: 'ENABLED',
    })
    await createUser(server(), hiding.UserPoolId, 'known', { email: 'known@example.com' })
    const [known, unknown] = await Promise.all(
      ['known', 'nobody'].map((name) => start(name, { TARGET_ACR_VALUES: loa(2) }, 'public', hiding)),
    )
    assert.deepEqual(known?.AvailableChallenges, ['EMAIL_OTP'])
    assert.equal(known?.ChallengeName, unknown?.ChallengeName)
    assert.deepEqual(unknown?.AvailableChallenges, known?.AvailableChallenges)
  })
})
