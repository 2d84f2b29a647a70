/** What RespondToAuthChallenge and AdminRespondToAuthChallenge must both do. */

import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  type ChallengeNameType,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { minutes, seconds } from '../../src/lib/instant.ts'
import { attributeList, createClient, createPool, createUser, password, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'
import {
  type Answerer,
  changeUser,
  claimsOf,
  codeSent,
  createMfaPool,
  emailConfiguration,
  emailFactor,
  enableFactors,
  lambda,
  notRun,
  type Place,
  respond,
  secretHash,
  setLegacySms,
  setPassword,
  showUser,
  smsFactor,
  start,
  tokenFactor,
  tokensOf,
} from '../sign-in.ts'

const mismatch = refusal('CodeMismatchException', 'Invalid code or auth state for the user.')
const invalid = refusal('NotAuthorizedException', 'Invalid session for the user.')
const expired = refusal('NotAuthorizedException', 'Invalid session for the user, session is expired.')
const locked = refusal('NotAuthorizedException', 'Password attempts exceeded')
const used = refusal('NotAuthorizedException', 'Invalid session for the user, session can only be used once.')
const missing = (name: string) => refusal('InvalidParameterException', `Missing required parameter ${name}`)

/** Any six digits but these. */
const not = (code: string) => (code === '000000' ? '000001' : '000000')

export function answeringSuite(operation: Answerer): void {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await newPlace(await createPool(server(), { AliasAttributes: ['email', 'phone_number'] }))
    })

    async function newPlace(
      UserPoolId: string,
      input: Parameters<typeof createClient>[2] = {},
    ): Promise<Place & { ClientSecret: string | undefined }> {
      return { UserPoolId, ...(await createClient(server(), UserPoolId, input)) }
    }
    const begin = (at: Place, USERNAME: string, more: Record<string, string> = {}) =>
      start(server(), 'AdminInitiateAuth', at, { USERNAME, PASSWORD: password, ...more })
    const answer = (
      at: Place,
      name: ChallengeNameType,
      session: string | undefined,
      responses: Record<string, string> | undefined,
    ) => respond(server(), operation, at, name, session, responses)

    /** A user who has been sent a code. */
    async function challenged(USERNAME: string, at = place, more: Record<string, string> = {}) {
      await createUser(server(), at.UserPoolId, USERNAME)
      await setLegacySms(server(), at.UserPoolId, USERNAME)
      const { Session } = await begin(at, USERNAME, more)
      const code = await codeSent(server())
      const send = (SMS_MFA_CODE: string, rest: Record<string, string> = {}) =>
        answer(at, 'SMS_MFA', Session, { USERNAME, SMS_MFA_CODE, ...more, ...rest })
      return { Session, code, send }
    }

    /** A user with a temporary password who has given it. */
    async function renewing(
      at: Place,
      USERNAME: string,
      attributes: Record<string, string> = {},
      more: Record<string, string> = {},
    ) {
      await createUser(server(), at.UserPoolId, USERNAME, attributes)
      await setPassword(server(), at.UserPoolId, USERNAME, password, false)
      const challenge = await begin(at, USERNAME, more)
      assert.equal(challenge.ChallengeName, 'NEW_PASSWORD_REQUIRED')
      const send = (responses: Record<string, string>) =>
        answer(at, 'NEW_PASSWORD_REQUIRED', challenge.Session, { USERNAME, ...more, ...responses })
      return { challenge, send }
    }
    const NEW_PASSWORD = 'Better-horse-10'

    describe('a code', () => {
      test('that is right signs in, and the number is verified from then on', async () => {
        const { code, send } = await challenged('right')
        const { ChallengeName, Session, ChallengeParameters, AuthenticationResult } = await send(code)
        assert.deepEqual([ChallengeName, Session, ChallengeParameters], [undefined, undefined, {}])
        const { AccessToken, IdToken, RefreshToken, ...rest } = AuthenticationResult ?? {}
        assert.deepEqual(rest, { ExpiresIn: 3600, TokenType: 'Bearer' })
        assert.equal(claimsOf(AccessToken).username, 'right')
        assert.equal(claimsOf(IdToken).phone_number_verified, true)
        assert.ok(RefreshToken)
        const { attributes } = await showUser(server(), place.UserPoolId, 'right')
        assert.equal(attributes.phone_number_verified, 'true')
        assert.deepEqual(await server().sent(), [])
      })

      test('that is wrong leaves the session as it was', async () => {
        const { code, send } = await challenged('wrong')
        for (const text of [not(code), 'x', `${code}0`, code.slice(1)])
          await assert.rejects(send(text), mismatch)
        assert.ok((await send(code)).AuthenticationResult)
        assert.deepEqual(await server().sent(), [])
      })

      test('that is wrong five times locks the user, and leaves the session good for after the lock', async () => {
        const { code, send } = await challenged('guessing')
        const { clock } = server()
        const wrong = async (times: number) => {
          for (let attempt = 1; attempt <= times; attempt += 1)
            await assert.rejects(send(not(code)), mismatch)
        }
        await wrong(5)
        for (const lock of [1, 2, 4].map(seconds)) {
          clock.now += lock - 1
          // Neither helps: the right one does not open the lock, the wrong one does not lengthen it.
          for (const text of [code, not(code)]) await assert.rejects(send(text), locked)
          await assert.rejects(begin(place, 'guessing'), locked)
          clock.now += 1
          await wrong(1)
        }
        clock.now += seconds(8)
        assert.ok((await send(code)).AuthenticationResult)
        assert.equal((await begin(place, 'guessing')).ChallengeName, 'SMS_MFA')
        await codeSent(server())
      })

      test('that is right is refused when five wrong ones were counted in the meantime', async ({ mock }) => {
        const { code, send } = await challenged('outrun')
        const { failures } = server().app.store
        const { find } = failures
        const slow = mock.method(failures, 'find', async (...key: Parameters<typeof find>) => {
          const before = await find(...key)
          slow.mock.restore()
          for (let attempt = 1; attempt <= 5; attempt += 1) await assert.rejects(send(not(code)), mismatch)
          return before
        })
        await assert.rejects(send(code), locked)
        server().clock.now += seconds(1)
        assert.ok((await send(code)).AuthenticationResult)
      })

      test('is right once', async () => {
        const { code, send } = await challenged('once')
        assert.ok((await send(code)).AuthenticationResult)
        await assert.rejects(send(code), used)
        await assert.rejects(send(not(code)), used)
      })

      test('of one session does not answer another', async () => {
        const first = await challenged('two-sessions')
        const { Session } = await begin(place, 'two-sessions')
        const code = await codeSent(server())
        const responses = { USERNAME: 'two-sessions', SMS_MFA_CODE: first.code }
        if (code !== first.code) await assert.rejects(answer(place, 'SMS_MFA', Session, responses), mismatch)
        assert.ok((await first.send(first.code)).AuthenticationResult)
      })

      test('by email verifies the address', async () => {
        const at = await newPlace(
          await createMfaPool(server(), { MfaConfiguration: 'OPTIONAL', ...smsFactor, ...emailFactor }),
        )
        await createUser(server(), at.UserPoolId, 'mailed', { email: 'mailed@example.com' })
        await enableFactors(server(), at.UserPoolId, 'mailed', 'EMAIL')
        const { ChallengeName, Session } = await begin(at, 'mailed')
        assert.equal(ChallengeName, 'EMAIL_OTP')
        const code = await codeSent(server())
        const send = (EMAIL_OTP_CODE: string) =>
          answer(at, 'EMAIL_OTP', Session, { USERNAME: 'mailed', EMAIL_OTP_CODE })
        await assert.rejects(send(not(code)), mismatch)
        await assert.rejects(
          answer(at, 'EMAIL_OTP', Session, { USERNAME: 'mailed', SMS_MFA_CODE: code }),
          missing('EMAIL_OTP_CODE'),
        )
        const { AuthenticationResult } = await send(code)
        assert.equal(claimsOf(AuthenticationResult?.IdToken).email_verified, true)
        await assert.rejects(send(code), used)
      })

      test('signs in also where somebody else holds the number as an alias, which then stays theirs', async () => {
        const phone_number = '+15555550148'
        await createUser(server(), place.UserPoolId, 'holder', {
          phone_number,
          phone_number_verified: 'true',
        })
        await createUser(server(), place.UserPoolId, 'sharing', { phone_number })
        await setLegacySms(server(), place.UserPoolId, 'sharing')
        const { Session } = await begin(place, 'sharing')
        const SMS_MFA_CODE = await codeSent(server())
        assert.ok(
          (await answer(place, 'SMS_MFA', Session, { USERNAME: 'sharing', SMS_MFA_CODE }))
            .AuthenticationResult,
        )
        assert.equal(
          (await showUser(server(), place.UserPoolId, 'sharing')).attributes.phone_number_verified,
          undefined,
        )
        assert.equal((await showUser(server(), place.UserPoolId, phone_number)).Username, 'holder')
      })

      test('answered under an alias or the sub', async () => {
        const first = await challenged('aliased')
        await changeUser(server(), place.UserPoolId, 'aliased', (user) => ({
          ...user,
          attributes: { ...user.attributes, email: 'aliased@example.com', email_verified: 'true' },
        }))
        const { sub = '' } = (await showUser(server(), place.UserPoolId, 'aliased')).attributes
        await assert.rejects(first.send(not(first.code), { USERNAME: 'aliased@example.com' }), mismatch)
        assert.ok((await first.send(first.code, { USERNAME: sub })).AuthenticationResult)
      })
    })

    describe('a session', () => {
      for (const [what, input, life] of [
        ['three minutes', {}, minutes(3)],
        ['as long as the client says', { AuthSessionValidity: 15 }, minutes(15)],
      ] as const) {
        test(`lives ${what}`, async () => {
          const at = await newPlace(place.UserPoolId, input)
          const { code, send } = await challenged(`living-${life}`, at)
          server().clock.now += life - 1
          await assert.rejects(send(not(code)), mismatch)
          server().clock.now += 1
          await assert.rejects(send(code), expired)
        })
      }

      test('begins anew with each challenge', async () => {
        const { send } = await renewing(place, 'renewed', { phone_number: '+15555550149' })
        await setLegacySms(server(), place.UserPoolId, 'renewed')
        server().clock.now += minutes(2)
        const { Session } = await send({ NEW_PASSWORD })
        const SMS_MFA_CODE = await codeSent(server())
        server().clock.now += minutes(2)
        const responses = { USERNAME: 'renewed', SMS_MFA_CODE }
        assert.ok((await answer(place, 'SMS_MFA', Session, responses)).AuthenticationResult)
      })

      test('is good for its client, its user and its challenge only', async () => {
        const { code, Session, send } = await challenged('bound')
        await createUser(server(), place.UserPoolId, 'stranger', {})
        const responses = { USERNAME: 'bound', SMS_MFA_CODE: code }
        await assert.rejects(answer(place, 'SMS_MFA', 'a text that was never a session', responses), invalid)
        await assert.rejects(answer(await newPlace(place.UserPoolId), 'SMS_MFA', Session, responses), invalid)
        const elsewhere = await newPlace(await createPool(server()))
        await assert.rejects(answer(elsewhere, 'SMS_MFA', Session, responses), invalid)
        await assert.rejects(
          answer(place, 'EMAIL_OTP', Session, { USERNAME: 'bound', EMAIL_OTP_CODE: code }),
          invalid,
        )
        await assert.rejects(
          answer(place, 'NEW_PASSWORD_REQUIRED', Session, { USERNAME: 'bound', NEW_PASSWORD }),
          invalid,
        )
        for (const USERNAME of ['stranger', 'nobody'])
          await assert.rejects(send(code, { USERNAME }), mismatch)
        assert.ok((await send(code)).AuthenticationResult)
      })

      test('that led to another challenge is no session any more', async () => {
        const { send } = await renewing(place, 'stepping', { phone_number: '+15555550150' })
        await setLegacySms(server(), place.UserPoolId, 'stepping')
        assert.equal((await send({ NEW_PASSWORD })).ChallengeName, 'SMS_MFA')
        await codeSent(server())
        await assert.rejects(send({ NEW_PASSWORD }), invalid)
        assert.deepEqual(await server().sent(), [])
      })

      test('of a user who was disabled, deleted, or given another password since', async () => {
        const { UserPoolId } = place
        const switched = await challenged('switched-off')
        await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'switched-off' }))
        await assert.rejects(
          switched.send(switched.code),
          refusal('NotAuthorizedException', 'User is disabled.'),
        )
        const gone = await challenged('gone')
        await server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'gone' }))
        await assert.rejects(gone.send(gone.code), invalid)
        await createUser(server(), UserPoolId, 'gone')
        await assert.rejects(gone.send(gone.code), invalid)
        const reset = await renewing(place, 'reset-meanwhile')
        server().clock.now += 1000
        await setPassword(server(), UserPoolId, 'reset-meanwhile', password, false)
        await assert.rejects(reset.send({ NEW_PASSWORD }), invalid)
      })
    })

    describe('what a request lacks', () => {
      test('USERNAME, Session, the answer', async () => {
        const { code, Session } = await challenged('lacking')
        const rows = [
          ['SMS_MFA', Session, undefined, 'USERNAME'],
          ['SMS_MFA', Session, { SMS_MFA_CODE: code }, 'USERNAME'],
          ['SMS_MFA', undefined, { USERNAME: 'lacking', SMS_MFA_CODE: code }, 'Session'],
          ['SMS_MFA', Session, { USERNAME: 'lacking' }, 'SMS_MFA_CODE'],
          ['SMS_MFA', Session, { USERNAME: 'lacking', SMS_MFA_CODE: '' }, 'SMS_MFA_CODE'],
        ] as const
        for (const [name, session, responses, lacks] of rows) {
          await assert.rejects(answer(place, name, session, responses), missing(lacks))
        }
        const renewal = await renewing(place, 'lacking-too')
        await assert.rejects(renewal.send({}), missing('NEW_PASSWORD'))
      })
    })

    test('SECRET_HASH: missing, wrong, of a client that has no secret', async () => {
      const secret = await newPlace(place.UserPoolId, { GenerateSecret: true })
      const hash = (name: string) => secretHash(secret.ClientSecret, name, secret.ClientId)
      const { code, send, Session } = await challenged('hashed', secret, { SECRET_HASH: hash('hashed') })
      await assert.rejects(
        answer(secret, 'SMS_MFA', Session, { USERNAME: 'hashed', SMS_MFA_CODE: code }),
        refusal(
          'NotAuthorizedException',
          `Client ${secret.ClientId} is configured with secret but SECRET_HASH was not received`,
        ),
      )
      const unverified = (id: string) =>
        refusal('NotAuthorizedException', `Unable to verify secret hash for client ${id}`)
      await assert.rejects(send(code, { SECRET_HASH: hash('other') }), unverified(secret.ClientId))
      const open = await challenged('unhashed')
      await assert.rejects(
        open.send(open.code, { SECRET_HASH: hash('unhashed') }),
        unverified(place.ClientId),
      )
      assert.ok((await send(code)).AuthenticationResult)
    })

    test('a challenge that was not asked: without a session, and with the session of another', async () => {
      const { code, Session, send } = await challenged('unasked')
      const USERNAME = 'unasked'
      for (const name of [
        'EMAIL_OTP',
        'SOFTWARE_TOKEN_MFA',
        'SELECT_MFA_TYPE',
        'MFA_SETUP',
        'CUSTOM_CHALLENGE',
        'SELECT_CHALLENGE',
        'DEVICE_SRP_AUTH',
        'ADMIN_NO_SRP_AUTH',
        'NEW_PASSWORD_REQUIRED',
        'SMS_OTP',
        'PASSWORD',
        'WEB_AUTHN',
        'PASSWORD_SRP',
      ] as const) {
        await assert.rejects(answer(place, name, undefined, { USERNAME }), missing('Session'), name)
        await assert.rejects(answer(place, name, Session, { USERNAME, PASSWORD: password }), invalid, name)
      }
      // These carry their whole state in what they send.
      for (const name of ['PASSWORD_VERIFIER', 'DEVICE_PASSWORD_VERIFIER'] as const) {
        const lacking = missing('PASSWORD_CLAIM_SECRET_BLOCK')
        await assert.rejects(answer(place, name, undefined, { USERNAME }), lacking, name)
        await assert.rejects(answer(place, name, Session, { USERNAME }), lacking, name)
      }
      assert.ok((await send(code)).AuthenticationResult)
    })

    describe('NEW_PASSWORD_REQUIRED', () => {
      let strict: Place
      before(async () => {
        const text = { AttributeDataType: 'String' as const, Mutable: true }
        strict = await newPlace(
          await createPool(server(), {
            AliasAttributes: ['email', 'preferred_username'],
            Schema: [
              { Name: 'email', ...text, Required: true },
              { Name: 'given_name', ...text, Required: true },
              { Name: 'family_name', ...text, Required: true },
              { Name: 'team', ...text, Mutable: false },
              { Name: 'secret', ...text, DeveloperOnlyAttribute: true },
            ],
          }),
        )
      })
      const names = { 'userAttributes.given_name': 'Ada', 'userAttributes.family_name': 'Lovelace' }

      test('says what is known and what is missing', async () => {
        const email = 'asked@example.com'
        const { challenge } = await renewing(strict, 'asked', { email, email_verified: 'true' })
        const { requiredAttributes, userAttributes, ...rest } = challenge.ChallengeParameters ?? {}
        assert.deepEqual(JSON.parse(requiredAttributes ?? ''), [
          'userAttributes.given_name',
          'userAttributes.family_name',
        ])
        assert.deepEqual(JSON.parse(userAttributes ?? ''), { email, email_verified: 'true' })
        assert.deepEqual(rest, { USER_ID_FOR_SRP: 'asked' })
        assert.deepEqual(await server().sent(), [])
      })

      test('sets the password and the attributes, confirms the user and signs in', async () => {
        const email = 'renewing@example.com'
        const { send } = await renewing(strict, 'renewing', { email })
        const { AuthenticationResult, ChallengeParameters } = await send({
          NEW_PASSWORD,
          ...names,
          'userAttributes.custom:team': 'red',
          'userAttributes.nickname': '',
        })
        assert.deepEqual(ChallengeParameters, {})
        const { sub: _, ...claims } = claimsOf(AuthenticationResult?.IdToken)
        assert.equal(claims.given_name, 'Ada')
        const { UserStatus, attributes } = await showUser(server(), strict.UserPoolId, 'renewing')
        assert.equal(UserStatus, 'CONFIRMED')
        const { sub, ...others } = attributes
        assert.deepEqual(others, { email, given_name: 'Ada', family_name: 'Lovelace', 'custom:team': 'red' })
        assert.ok(await tokensOf(server(), strict, 'renewing', NEW_PASSWORD))
        await assert.rejects(begin(strict, 'renewing'), { name: 'NotAuthorizedException' })
        await assert.rejects(send({ NEW_PASSWORD, ...names }), used)
      })

      test('an attribute that is there already cannot be given, not even the same value', async () => {
        const { send } = await renewing(strict, 'provided', { email: 'provided@example.com' })
        for (const email of ['provided@example.com', 'other@example.com']) {
          await assert.rejects(
            send({ NEW_PASSWORD, ...names, 'userAttributes.email': email }),
            refusal('NotAuthorizedException', 'Cannot modify an already provided email'),
          )
        }
        assert.ok((await send({ NEW_PASSWORD, ...names })).AuthenticationResult)
      })

      test('attributes that a client may not write', async () => {
        const unauthorized = refusal(
          'NotAuthorizedException',
          'A client attempted to write unauthorized attribute',
        )
        const { send } = await renewing(strict, 'unwritable', { email: 'unwritable@example.com' })
        for (const name of [
          'sub',
          'email_verified',
          'phone_number_verified',
          'identities',
          'dev:custom:secret',
        ]) {
          await assert.rejects(
            send({ NEW_PASSWORD, ...names, [`userAttributes.${name}`]: 'true' }),
            unauthorized,
          )
        }
        const narrow = await newPlace(strict.UserPoolId, {
          WriteAttributes: ['email', 'given_name', 'family_name', 'nickname'],
        })
        const other = await renewing(narrow, 'narrow', { email: 'narrow@example.com' })
        await assert.rejects(
          other.send({ NEW_PASSWORD, ...names, 'userAttributes.custom:team': 'red' }),
          unauthorized,
        )
        const written = await other.send({ NEW_PASSWORD, ...names, 'userAttributes.nickname': 'Al' })
        assert.equal(claimsOf(written.AuthenticationResult?.IdToken).nickname, 'Al')
      })

      test('attributes that are missing, unknown or do not fit', async () => {
        const { send } = await renewing(strict, 'unfit', { email: 'unfit@example.com' })
        const rows = [
          [{}, 'Invalid attributes given, given_name is missing'],
          [{ 'userAttributes.given_name': 'Ada' }, 'Invalid attributes given, family_name is missing'],
          [
            { ...names, 'userAttributes.family_name': '' },
            'Invalid attributes given, family_name is missing',
          ],
          [
            { ...names, 'userAttributes.custom:role': 'x' },
            'Attributes did not conform to the schema: Type for attribute {custom:role} could not be determined',
          ],
          [{ ...names, 'userAttributes.phone_number': '5555' }, 'Invalid phone number format.'],
        ] as const
        for (const [given, text] of rows) {
          await assert.rejects(send({ NEW_PASSWORD, ...given }), refusal('InvalidParameterException', text))
        }
        assert.equal(
          (await showUser(server(), strict.UserPoolId, 'unfit')).UserStatus,
          'FORCE_CHANGE_PASSWORD',
        )
        assert.ok((await send({ NEW_PASSWORD, ...names })).AuthenticationResult)
      })

      for (const [text, rule] of [
        ['Short-1', 'Password not long enough'],
        ['lower-case-1', 'Password must have uppercase characters'],
        ['UPPER-CASE-1', 'Password must have lowercase characters'],
        ['No-digit-here', 'Password must have numeric characters'],
        ['NoSymbol1', 'Password must have symbol characters'],
      ] as const) {
        test(`a password that breaks the policy: ${rule}`, async () => {
          const { send } = await renewing(place, `breaking-${text}`)
          await assert.rejects(
            send({ NEW_PASSWORD: text }),
            refusal('InvalidPasswordException', `Password did not conform with policy: ${rule}`),
          )
          assert.ok((await send({ NEW_PASSWORD })).AuthenticationResult)
        })
      }

      test('a preferred username that somebody else has', async () => {
        const email = 'first@example.com'
        await createUser(server(), strict.UserPoolId, 'first', { email, preferred_username: 'wanted' })
        const { send } = await renewing(strict, 'second', { email: 'second@example.com' })
        await assert.rejects(
          send({ NEW_PASSWORD, ...names, 'userAttributes.preferred_username': 'wanted' }),
          refusal('AliasExistsException', 'An account with the preferred_username already exists.'),
        )
        const answered = await send({ NEW_PASSWORD, ...names, 'userAttributes.preferred_username': 'free' })
        assert.ok(answered.AuthenticationResult)
      })

      test('comes before the second factor, which is asked for with the password already changed', async () => {
        const { send } = await renewing(place, 'both', { phone_number: '+15555550151' })
        await setLegacySms(server(), place.UserPoolId, 'both')
        const challenge = await send({ NEW_PASSWORD })
        assert.equal(challenge.ChallengeName, 'SMS_MFA')
        assert.equal(challenge.AuthenticationResult, undefined)
        const SMS_MFA_CODE = await codeSent(server())
        assert.equal((await showUser(server(), place.UserPoolId, 'both')).UserStatus, 'CONFIRMED')
        const responses = { USERNAME: 'both', SMS_MFA_CODE }
        assert.ok((await answer(place, 'SMS_MFA', challenge.Session, responses)).AuthenticationResult)
      })

      test('in a pool that requires MFA leads to its set-up', async () => {
        const at = await newPlace(await createMfaPool(server(), { MfaConfiguration: 'ON', ...tokenFactor }))
        const { send } = await renewing(at, 'setting-up')
        const { ChallengeName, ChallengeParameters, Session } = await send({ NEW_PASSWORD })
        assert.equal(ChallengeName, 'MFA_SETUP')
        assert.deepEqual(ChallengeParameters, { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' })
        assert.ok(Session)
      })

      test('changes nothing when no second factor is possible, or its code cannot be sent', async () => {
        const required = await newPlace(await createPool(server(), { MfaConfiguration: 'ON' }))
        const factorless = await renewing(required, 'factorless')
        await assert.rejects(
          factorless.send({ NEW_PASSWORD }),
          refusal('MFAMethodNotFoundException', 'No MFA mechanism registerd in the account.'),
        )
        const bare = await newPlace(
          await createMfaPool(
            server(),
            { MfaConfiguration: 'OPTIONAL', ...tokenFactor },
            { SmsConfiguration: undefined },
          ),
        )
        const undelivered = await renewing(bare, 'undelivered', { phone_number: '+15555550152' })
        await setLegacySms(server(), bare.UserPoolId, 'undelivered')
        for (const again of [1, 2]) {
          await assert.rejects(
            undelivered.send({ NEW_PASSWORD }),
            refusal(
              'InvalidParameterException',
              'Invalid phone number provided/Unable to send the message. User pool does not have SMS configuration to send messages.',
            ),
            `attempt ${again}`,
          )
        }
        for (const [at, name] of [
          [required, 'factorless'],
          [bare, 'undelivered'],
        ] as const) {
          assert.equal((await begin(at, name)).ChallengeName, 'NEW_PASSWORD_REQUIRED')
        }
        assert.deepEqual(await server().sent(), [])
      })
    })

    describe('SELECT_MFA_TYPE', () => {
      let both: Place
      before(async () => {
        both = await newPlace(
          await createMfaPool(
            server(),
            { MfaConfiguration: 'OPTIONAL', ...smsFactor, ...emailFactor },
            { EmailConfiguration: emailConfiguration },
          ),
        )
      })
      async function choosing(USERNAME: string) {
        await createUser(server(), both.UserPoolId, USERNAME, {
          email: `${USERNAME}@example.com`,
          phone_number: '+15555550153',
        })
        await enableFactors(server(), both.UserPoolId, USERNAME, 'SMS', 'EMAIL')
        const { ChallengeName, Session } = await begin(both, USERNAME)
        assert.equal(ChallengeName, 'SELECT_MFA_TYPE')
        return (ANSWER: string) => answer(both, 'SELECT_MFA_TYPE', Session, { USERNAME, ANSWER })
      }

      test('a message that a function would write is not sent without it, and the choice can be made again', async () => {
        const choose = await choosing('unwritten')
        const { UserPoolId } = both
        const input = { UserPoolId, EmailConfiguration: emailConfiguration }
        await server().client.send(
          new UpdateUserPoolCommand({ ...input, LambdaConfig: { CustomMessage: lambda } }),
        )
        await assert.rejects(choose('SMS_MFA'), notRun('CustomMessage'))
        await server().client.send(new UpdateUserPoolCommand({ ...input, LambdaConfig: {} }))
        assert.equal((await choose('SMS_MFA')).ChallengeName, 'SMS_MFA')
        await server().sent()
      })

      for (const [chosen, name, medium, key] of [
        ['SMS_MFA', 'SMS_MFA', 'SMS', 'SMS_MFA_CODE'],
        ['EMAIL_OTP', 'EMAIL_OTP', 'EMAIL', 'EMAIL_OTP_CODE'],
        ['EMAIL_MFA', 'EMAIL_OTP', 'EMAIL', 'EMAIL_OTP_CODE'],
      ] as const) {
        test(`${chosen} is chosen, sent and answered`, async () => {
          const USERNAME = `chose-${chosen.toLowerCase()}`
          const choose = await choosing(USERNAME)
          const challenge = await choose(chosen)
          assert.equal(challenge.ChallengeName, name)
          assert.equal(challenge.ChallengeParameters?.CODE_DELIVERY_DELIVERY_MEDIUM, medium)
          await assert.rejects(choose(chosen), invalid)
          const responses = { USERNAME, [key]: await codeSent(server()) }
          assert.ok((await answer(both, name, challenge.Session, responses)).AuthenticationResult)
        })
      }

      test('what was not offered cannot be chosen, and the choice stays open', async () => {
        const choose = await choosing('choosy')
        for (const text of ['SOFTWARE_TOKEN_MFA', 'sms_mfa', 'nothing']) {
          await assert.rejects(
            choose(text),
            refusal('InvalidParameterException', 'Invalid MFA type selected.'),
          )
        }
        await assert.rejects(choose(''), missing('ANSWER'))
        assert.deepEqual(await server().sent(), [])
        assert.equal((await choose('SMS_MFA')).ChallengeName, 'SMS_MFA')
        await server().sent()
      })
    })

    test('an administrator invites, the user renews the password and signs in', async () => {
      const at = await newPlace(await createPool(server(), { UsernameAttributes: ['email'] }))
      await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId: at.UserPoolId,
          Username: 'invited@example.com',
          UserAttributes: attributeList({ email_verified: 'true' }),
          DesiredDeliveryMediums: ['EMAIL'],
        }),
      )
      const PASSWORD = await codeSent(server())
      const challenge = await begin(at, 'invited@example.com', { PASSWORD })
      const responses = { USERNAME: challenge.ChallengeParameters?.USER_ID_FOR_SRP ?? '', NEW_PASSWORD }
      const { AuthenticationResult } = await answer(at, 'NEW_PASSWORD_REQUIRED', challenge.Session, responses)
      assert.equal(claimsOf(AuthenticationResult?.IdToken).email, 'invited@example.com')
    })
  })
}
