import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminSetUserSettingsCommand,
  AdminUpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributeList, createClient, createPool, createUser, refusal, signIn } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import {
  type Answer,
  codeSent,
  type Place,
  respond,
  setLegacySms,
  setPassword,
  showUser,
  sms,
  start,
} from '../../test/sign-in.ts'
import { minutes, seconds } from '../lib/instant.ts'

const locked = refusal('NotAuthorizedException', 'Password attempts exceeded')
const used = refusal('NotAuthorizedException', 'Invalid session for the user, session can only be used once.')

/** Runs everything at once; the values of what succeeded, the reasons of what did not. */
async function race<T>(runs: readonly Promise<T>[]): Promise<{ won: T[]; lost: unknown[] }> {
  const outcomes = await Promise.allSettled(runs)
  return {
    won: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    lost: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  }
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

describe('requests that race', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      const UserPoolId = await createPool(server(), { AliasAttributes: ['email', 'phone_number'] })
      place = { UserPoolId, ...(await createClient(server(), UserPoolId)) }
    })
    const update = (Username: string, attributes: Record<string, string>) =>
      server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId: place.UserPoolId,
          Username,
          UserAttributes: attributeList(attributes),
        }),
      )
    let number = 0
    async function challenged(name: string, phone_number_verified = 'false') {
      number += 1
      const phone_number = `+1555555${1000 + number}`
      await createUser(server(), place.UserPoolId, name, { phone_number, phone_number_verified })
      await setLegacySms(server(), place.UserPoolId, name)
      const { Session } = await signIn(server(), place.UserPoolId, place.ClientId, name)
      return { Session, code: await codeSent(server()) }
    }

    for (const verified of ['false', 'true']) {
      test(`fifty right answers to one session sign in once, when verified is ${verified} before`, async () => {
        const { Session, code } = await challenged(`answering-${verified}`, verified)
        const responses = { USERNAME: `answering-${verified}`, SMS_MFA_CODE: code }
        const { won, lost } = await race<Answer>(
          times(50, (index) =>
            respond(
              server(),
              index % 2 === 0 ? 'RespondToAuthChallenge' : 'AdminRespondToAuthChallenge',
              place,
              'SMS_MFA',
              Session,
              responses,
            ),
          ),
        )
        assert.equal(won.length, 1)
        assert.ok(won[0]?.AuthenticationResult?.AccessToken)
        assert.equal(lost.length, 49)
        for (const reason of lost) used(reason)
      })
    }

    test('twenty new passwords for one session: one is set, and it is the one that was told so', async () => {
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, 'renewing', {})
      await setPassword(server(), UserPoolId, 'renewing', 'Correct-horse-9', false)
      const { Session } = await signIn(server(), UserPoolId, place.ClientId, 'renewing')
      const passwords = times(20, (index) => `Better-horse-${index}`)
      const { won, lost } = await race(
        passwords.map(async (NEW_PASSWORD) => {
          const responses = { USERNAME: 'renewing', NEW_PASSWORD }
          const name = 'NEW_PASSWORD_REQUIRED'
          await respond(server(), 'RespondToAuthChallenge', place, name, Session, responses)
          return NEW_PASSWORD
        }),
      )
      assert.equal(won.length, 1)
      for (const reason of lost) used(reason)
      const valid: string[] = []
      for (const PASSWORD of passwords) {
        // Wrong ones lock; after fifteen quiet minutes they are forgotten.
        server().clock.now += minutes(15)
        const parameters = { USERNAME: 'renewing', PASSWORD }
        const [answer] = (await race([start(server(), 'AdminInitiateAuth', place, parameters)])).won
        if (answer?.AuthenticationResult) valid.push(PASSWORD)
      }
      assert.deepEqual(valid, won)
    })

    test('guesses at once are worth five, like guesses in turn, and a right one behind them nothing', async () => {
      const { Session, code } = await challenged('guessing')
      const answer = (SMS_MFA_CODE: string) =>
        respond(server(), 'RespondToAuthChallenge', place, 'SMS_MFA', Session, {
          USERNAME: 'guessing',
          SMS_MFA_CODE,
        })
      const { won, lost } = await race([...times(40, () => answer('x')), answer(code)])
      assert.deepEqual(won, [])
      const texts = lost.map((reason) => (reason as Error).message)
      assert.equal(texts.filter((text) => text === 'Invalid code or auth state for the user.').length, 5)
      assert.equal(texts.filter((text) => text === 'Password attempts exceeded').length, 36)
      await assert.rejects(answer(code), locked)
      server().clock.now += seconds(1)
      assert.ok((await answer(code)).AuthenticationResult)
    })

    test('thirty changes of one user all succeed, and none is lost', async () => {
      const names = [
        'name',
        'given_name',
        'family_name',
        'middle_name',
        'nickname',
        'profile',
        'picture',
        'website',
      ]
      const more = ['gender', 'zoneinfo', 'locale', 'address', 'email', 'birthdate', 'preferred_username']
      const attributes = [...names, ...more].map(
        (name) =>
          [name, name === 'email' ? 'busy@example.com' : name === 'birthdate' ? '1815-12-10' : 'x'] as const,
      )
      assert.equal(attributes.length, 15)
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, 'busy')
      const { lost } = await race<unknown>([
        ...attributes.map(([name, value]) => update('busy', { [name]: value })),
        ...times(15, () => {
          const setting = { UserPoolId, Username: 'busy', MFAOptions: sms }
          return server().client.send(new AdminSetUserSettingsCommand(setting))
        }),
      ])
      assert.deepEqual(lost, [])
      const user = await showUser(server(), UserPoolId, 'busy')
      assert.deepEqual(user.MFAOptions, sms)
      for (const [name, value] of attributes) assert.equal(user.attributes[name], value, name)
    })

    test('of users who race for one verified alias, exactly one holds it', async () => {
      const email = 'wanted@example.com'
      const names = times(10, (index) => `suitor-${index}`)
      for (const name of names) await createUser(server(), place.UserPoolId, name, {})
      const { won, lost } = await race(
        names.map(async (name) => {
          await update(name, { email, email_verified: 'true' })
          return name
        }),
      )
      assert.equal(won.length, 1)
      for (const reason of lost)
        refusal('AliasExistsException', 'An account with the email already exists.')(reason)
      assert.equal((await showUser(server(), place.UserPoolId, email)).Username, won[0])
      const shown = await Promise.all(names.map((name) => showUser(server(), place.UserPoolId, name)))
      assert.deepEqual(
        shown.filter(({ attributes }) => attributes.email === email).map(({ Username }) => Username),
        won,
      )
    })

    test('of users who are created with one verified alias, exactly one is there; forced, the last has it', async () => {
      const email = 'newborn@example.com'
      const create = (Username: string, ForceAliasCreation: boolean) =>
        server().client.send(
          new AdminCreateUserCommand({
            UserPoolId: place.UserPoolId,
            Username,
            UserAttributes: attributeList({ email, email_verified: 'true' }),
            MessageAction: 'SUPPRESS',
            ForceAliasCreation,
          }),
        )
      const { won, lost } = await race(times(10, (index) => create(`newborn-${index}`, false)))
      assert.equal(won.length, 1)
      for (const reason of lost)
        refusal('AliasExistsException', 'An account with the email already exists.')(reason)
      const forced = await race(times(5, (index) => create(`forced-${index}`, true)))
      for (const reason of forced.lost)
        refusal('AliasExistsException', 'An account with the email already exists.')(reason)
      assert.ok(forced.won.length >= 1)
      const holder = await showUser(server(), place.UserPoolId, email)
      const all = [...won, ...forced.won].map(({ User }) => User?.Username ?? '')
      const verified = []
      for (const name of all) {
        const { attributes } = await showUser(server(), place.UserPoolId, name)
        if (attributes.email_verified === 'true') verified.push(name)
      }
      assert.deepEqual(verified, [holder.Username])
    })

    test('of users who are created with one name, exactly one is there', async () => {
      const invite = { UserPoolId: place.UserPoolId, Username: 'only', MessageAction: 'SUPPRESS' as const }
      const { won, lost } = await race(
        times(10, () => server().client.send(new AdminCreateUserCommand(invite))),
      )
      assert.equal(won.length, 1)
      for (const reason of lost) refusal('UsernameExistsException', 'User account already exists')(reason)
      assert.equal((await showUser(server(), place.UserPoolId, 'only')).Username, 'only')
    })

    test('a user who is deleted while they are changed is gone, and nobody hears of anything else', async () => {
      const { UserPoolId } = place
      for (const round of times(5, (index) => index)) {
        const Username = `vanishing-${round}`
        await createUser(server(), UserPoolId, Username, { name: 'Ada', email: `${Username}@example.com` })
        const { lost } = await race<unknown>([
          ...times(5, (index) => update(Username, { nickname: `${index}`, email_verified: 'true' })),
          server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username })),
          ...times(5, (index) => update(Username, { name: `${index}`, email: '' })),
        ])
        for (const reason of lost) refusal('UserNotFoundException', 'User does not exist.')(reason)
        await assert.rejects(showUser(server(), UserPoolId, Username), { name: 'UserNotFoundException' })
      }
    })
  })
})
