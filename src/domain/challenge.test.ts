import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  decideMfa,
  type MfaDecision,
  type MfaFacts,
  nextAfterPassword,
  type SignInState,
  transitions,
} from './challenge.ts'
import type { PoolSettings, RecoveryMechanism } from './pool.ts'
import { type Factor, noMfa, type User, type UserStatus } from './user.ts'

/** One sign-in, in the words of docs/mfa-decision.md. */
interface Given {
  readonly mfa: 'ON' | 'OFF' | 'OPTIONAL'
  /** The factors of the pool; all of them unless a row says otherwise. */
  readonly offers?: readonly Factor[]
  /** By priority, the first one first. */
  readonly recovery?: readonly RecoveryMechanism[]
  readonly has?: readonly ('email' | 'phone' | 'token')[]
  readonly enabled?: readonly Factor[]
  readonly preferred?: Factor
  readonly legacySms?: boolean
  readonly demand?: MfaFacts['demand']
  readonly device?: 'remembered'
  readonly challengesNewDevices?: boolean
}

const all: readonly Factor[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']
const recoveredByEmail: readonly RecoveryMechanism[] = ['verified_email', 'verified_phone_number']
const recoveredBySms: readonly RecoveryMechanism[] = ['verified_phone_number', 'verified_email']

const rows: readonly (readonly [row: string, condition: string, given: Given, decision: string])[] = [
  ['1', 'MFA is off', { mfa: 'OFF' }, 'tokens'],
  [
    '1',
    'off, whatever the user prefers',
    { mfa: 'OFF', has: ['phone', 'token'], enabled: ['SOFTWARE_TOKEN_MFA'], preferred: 'SOFTWARE_TOKEN_MFA' },
    'tokens',
  ],
  ['1', 'off, with the legacy SMS option', { mfa: 'OFF', has: ['phone'], legacySms: true }, 'tokens'],
  ['1', 'off, though threat protection asks', { mfa: 'OFF', has: ['phone'], demand: 'required' }, 'tokens'],

  [
    '2',
    'a remembered device, where new ones are challenged',
    { mfa: 'ON', has: ['phone'], device: 'remembered', challengesNewDevices: true },
    'device',
  ],
  [
    '2',
    'a remembered device beats a preference',
    {
      mfa: 'OPTIONAL',
      has: ['phone'],
      enabled: ['SMS_MFA'],
      preferred: 'SMS_MFA',
      device: 'remembered',
      challengesNewDevices: true,
    },
    'device',
  ],
  [
    '2',
    'a remembered device, where new ones are not challenged',
    { mfa: 'OPTIONAL', has: ['phone'], legacySms: true, device: 'remembered' },
    'SMS_MFA',
  ],
  [
    '2',
    'a new device, where new ones are challenged',
    { mfa: 'OPTIONAL', has: ['phone'], legacySms: true, challengesNewDevices: true },
    'SMS_MFA',
  ],

  ['3', 'optional, nothing active', { mfa: 'OPTIONAL', has: ['email', 'phone'] }, 'tokens'],
  [
    '3',
    'optional, the only active factor has lost its address',
    { mfa: 'OPTIONAL', has: ['phone'], enabled: ['EMAIL_OTP'], preferred: 'EMAIL_OTP' },
    'tokens',
  ],

  [
    '4',
    'optional, the legacy SMS option alone',
    { mfa: 'OPTIONAL', has: ['phone'], legacySms: true },
    'SMS_MFA',
  ],
  [
    '4',
    'optional, the legacy SMS option in a pool that has no SMS: it fails at delivery, not here',
    { mfa: 'OPTIONAL', offers: ['SOFTWARE_TOKEN_MFA'], has: ['phone'], legacySms: true },
    'SMS_MFA',
  ],
  [
    '4',
    'optional, the legacy SMS option without a phone number',
    { mfa: 'OPTIONAL', legacySms: true },
    'tokens',
  ],
  [
    '4',
    'optional, one factor enabled and not preferred',
    { mfa: 'OPTIONAL', has: ['email'], enabled: ['EMAIL_OTP'] },
    'EMAIL_OTP',
  ],
  [
    '4',
    'on, the legacy SMS option, though SMS recovers accounts',
    { mfa: 'ON', recovery: recoveredBySms, has: ['email', 'phone'], legacySms: true },
    'SMS_MFA',
  ],
  [
    '4',
    'on, the legacy SMS option in a pool that has no SMS',
    { mfa: 'ON', offers: ['EMAIL_OTP'], has: ['email', 'phone'], legacySms: true },
    'EMAIL_OTP',
  ],

  ...all.flatMap((factor) =>
    (['OPTIONAL', 'ON'] as const).map(
      (mfa) =>
        [
          '5',
          `${mfa}, ${factor} enabled and preferred`,
          { mfa, has: ['email', 'phone', 'token'], enabled: all, preferred: factor, legacySms: true },
          factor,
        ] as const,
    ),
  ),
  [
    '5',
    'on, the preferred factor is also what recovers accounts',
    {
      mfa: 'ON',
      recovery: recoveredByEmail,
      has: ['email', 'phone'],
      enabled: ['EMAIL_OTP'],
      preferred: 'EMAIL_OTP',
    },
    'EMAIL_OTP',
  ],
  [
    '5',
    'on, a preferred token in a pool that has turned tokens off',
    {
      mfa: 'ON',
      offers: ['SMS_MFA'],
      has: ['phone', 'token'],
      enabled: ['SOFTWARE_TOKEN_MFA'],
      preferred: 'SOFTWARE_TOKEN_MFA',
    },
    'SOFTWARE_TOKEN_MFA',
  ],
  [
    '5',
    'on, the pool has tokens only and the user prefers SMS',
    {
      mfa: 'ON',
      offers: ['SOFTWARE_TOKEN_MFA'],
      has: ['phone', 'token'],
      enabled: ['SMS_MFA'],
      preferred: 'SMS_MFA',
    },
    'SOFTWARE_TOKEN_MFA',
  ],
  [
    '5',
    'threat protection asks, and a factor is preferred',
    { mfa: 'OPTIONAL', has: ['phone'], enabled: ['SMS_MFA'], preferred: 'SMS_MFA', demand: 'required' },
    'SMS_MFA',
  ],
  [
    '5',
    'optional, the preferred factor cannot be used and another can',
    {
      mfa: 'OPTIONAL',
      has: ['phone'],
      enabled: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'],
      preferred: 'SOFTWARE_TOKEN_MFA',
    },
    'SMS_MFA',
  ],

  [
    '6',
    'optional, several enabled, none preferred',
    { mfa: 'OPTIONAL', has: ['email', 'phone', 'token'], enabled: all },
    'select SMS_MFA SOFTWARE_TOKEN_MFA EMAIL_OTP',
  ],
  [
    '6',
    'optional, the legacy SMS option beside an enabled factor',
    { mfa: 'OPTIONAL', has: ['email', 'phone'], enabled: ['EMAIL_OTP'], legacySms: true },
    'select SMS_MFA EMAIL_OTP',
  ],

  ['7', 'optional, a token registered and not enabled', { mfa: 'OPTIONAL', has: ['token'] }, 'tokens'],
  [
    '7',
    'optional, a token registered and enabled',
    { mfa: 'OPTIONAL', has: ['token'], enabled: ['SOFTWARE_TOKEN_MFA'] },
    'SOFTWARE_TOKEN_MFA',
  ],

  ['8', 'on, a token registered, no address', { mfa: 'ON', has: ['token'] }, 'SOFTWARE_TOKEN_MFA'],
  [
    '8',
    'on, a token registered, the one address recovers the account',
    { mfa: 'ON', recovery: recoveredByEmail, has: ['email', 'token'] },
    'SOFTWARE_TOKEN_MFA',
  ],
  [
    '8',
    'on, a token registered, addresses whose factors the pool lacks',
    { mfa: 'ON', offers: ['SOFTWARE_TOKEN_MFA'], has: ['email', 'phone', 'token'] },
    'SOFTWARE_TOKEN_MFA',
  ],
  [
    '8',
    'threat protection asks, a token registered',
    { mfa: 'OPTIONAL', has: ['token'], demand: 'required' },
    'SOFTWARE_TOKEN_MFA',
  ],
  [
    '8',
    'on, a token registered and turned off by the pool, no preference: as if there were none',
    { mfa: 'ON', offers: ['SMS_MFA'], has: ['phone', 'token'] },
    'SMS_MFA',
  ],

  [
    '9',
    'on, a token and both addresses',
    { mfa: 'ON', recovery: ['admin_only'], has: ['email', 'phone', 'token'] },
    'select SMS_MFA SOFTWARE_TOKEN_MFA EMAIL_OTP',
  ],
  [
    '9',
    'on, a token and the address that does not recover the account',
    { mfa: 'ON', recovery: recoveredByEmail, has: ['email', 'phone', 'token'] },
    'select SMS_MFA SOFTWARE_TOKEN_MFA',
  ],
  [
    '9',
    'on, a token and the legacy SMS option',
    { mfa: 'ON', has: ['phone', 'token'], legacySms: true },
    'select SMS_MFA SOFTWARE_TOKEN_MFA',
  ],

  [
    '10',
    'on, only an email address, which recovers the account',
    { mfa: 'ON', recovery: recoveredByEmail, has: ['email'] },
    'impossible',
  ],
  [
    '10',
    'on, only a phone number, which recovers the account',
    { mfa: 'ON', recovery: recoveredBySms, has: ['phone'] },
    'impossible',
  ],
  [
    '10',
    'on, only an email address, which recovers the account and is no factor of the pool: row 13',
    { mfa: 'ON', offers: ['SOFTWARE_TOKEN_MFA'], recovery: ['verified_email'], has: ['email'] },
    'setup SOFTWARE_TOKEN_MFA',
  ],

  [
    '11',
    'on, an eligible email address',
    { mfa: 'ON', recovery: recoveredBySms, has: ['email'] },
    'EMAIL_OTP',
  ],
  ['11', 'on, an email address, nothing said of recovery', { mfa: 'ON', has: ['email'] }, 'EMAIL_OTP'],
  [
    '12',
    'on, an eligible phone number',
    { mfa: 'ON', recovery: recoveredByEmail, has: ['phone'] },
    'SMS_MFA',
  ],
  [
    '12',
    'threat protection asks, an eligible phone number',
    { mfa: 'OPTIONAL', has: ['phone'], demand: 'required' },
    'SMS_MFA',
  ],

  [
    '13',
    'on, an email address that is no factor of the pool, tokens are',
    { mfa: 'ON', offers: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'], has: ['email'] },
    'setup SMS_MFA SOFTWARE_TOKEN_MFA',
  ],
  [
    '13',
    'on, an email address that is no factor of the pool, nor are tokens',
    { mfa: 'ON', offers: ['SMS_MFA'], has: ['email'] },
    'impossible',
  ],
  [
    '13',
    'on, a phone number that is no factor of the pool; another address cannot be set up',
    { mfa: 'ON', offers: ['EMAIL_OTP'], has: ['phone'] },
    'impossible',
  ],
  [
    '13',
    'on, both addresses: one recovers the account, the other is no factor of the pool',
    {
      mfa: 'ON',
      offers: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'],
      recovery: recoveredBySms,
      has: ['email', 'phone'],
    },
    'setup SOFTWARE_TOKEN_MFA',
  ],
  [
    '3',
    'threat protection asks those who can have a factor, and nobody can who has no address of a factor',
    { mfa: 'OPTIONAL', offers: ['SOFTWARE_TOKEN_MFA'], has: ['email'], demand: 'if configured' },
    'tokens',
  ],
  [
    '12',
    'threat protection asks those who can have a factor, an eligible phone number',
    { mfa: 'OPTIONAL', has: ['phone'], demand: 'if configured' },
    'SMS_MFA',
  ],
  [
    '13',
    'threat protection asks: who has no factor is blocked, not led to a set-up',
    { mfa: 'OPTIONAL', offers: ['SOFTWARE_TOKEN_MFA'], has: ['email'], demand: 'required' },
    'impossible',
  ],

  [
    '14',
    'on, both addresses, recovery by administrators only',
    { mfa: 'ON', recovery: ['admin_only'], has: ['email', 'phone'] },
    'select SMS_MFA EMAIL_OTP',
  ],
  [
    '14',
    'on, both addresses, nothing said of recovery',
    { mfa: 'ON', has: ['email', 'phone'] },
    'select SMS_MFA EMAIL_OTP',
  ],
  [
    '14',
    'on, both addresses, one of them a factor of the pool',
    {
      mfa: 'ON',
      offers: ['EMAIL_OTP', 'SOFTWARE_TOKEN_MFA'],
      recovery: ['admin_only'],
      has: ['email', 'phone'],
    },
    'EMAIL_OTP',
  ],

  [
    '15',
    'on, both addresses, recovery by email',
    { mfa: 'ON', recovery: recoveredByEmail, has: ['email', 'phone'] },
    'SMS_MFA',
  ],
  [
    '15',
    'on, both addresses, recovery by SMS',
    { mfa: 'ON', recovery: recoveredBySms, has: ['email', 'phone'] },
    'EMAIL_OTP',
  ],

  ['16', 'on, no address, no token', { mfa: 'ON' }, 'setup SMS_MFA SOFTWARE_TOKEN_MFA EMAIL_OTP'],
  [
    '16',
    'on, nothing at all, recovery by email',
    { mfa: 'ON', recovery: recoveredByEmail },
    'setup SMS_MFA SOFTWARE_TOKEN_MFA',
  ],
  [
    '16',
    'on, nothing at all, recovery by SMS',
    { mfa: 'ON', offers: ['SMS_MFA', 'EMAIL_OTP'], recovery: recoveredBySms },
    'setup EMAIL_OTP',
  ],
  [
    '16',
    'on, nothing at all, and what is left is SMS, which cannot be set up',
    { mfa: 'ON', offers: ['SMS_MFA', 'EMAIL_OTP'], recovery: recoveredByEmail },
    'impossible',
  ],

  ['17', 'on, SMS is all there is, no phone number', { mfa: 'ON', offers: ['SMS_MFA'] }, 'impossible'],
]

describe('the decision about a second factor', () => {
  for (const [row, condition, given, decision] of rows) {
    test(`row ${row}: ${condition}`, () => {
      assert.equal(inWords(decideMfa(factsOf(given))), decision)
    })
  }

  test('every row of the table is here', () => {
    const numbers = new Set(rows.map(([row]) => Number(row)))
    assert.deepEqual(
      [...numbers],
      Array.from({ length: 17 }, (_, index) => index + 1),
    )
  })

  test('a temporary password comes before any second factor', () => {
    const facts = factsOf({ mfa: 'ON', has: ['phone'] })
    const next = (status: UserStatus) => nextAfterPassword({ status } as User, facts)
    assert.deepEqual(next('FORCE_CHANGE_PASSWORD'), { kind: 'new-password' })
    assert.deepEqual(next('CONFIRMED'), { kind: 'challenge', factor: 'SMS_MFA' })
  })
})

function factsOf(given: Given): MfaFacts {
  const { offers = all, has = [] } = given
  return {
    settings: {
      MfaConfiguration: given.mfa,
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: given.challengesNewDevices ?? false },
      ...(given.recovery && {
        AccountRecoverySetting: {
          // Listed backwards: the priority decides, not the place.
          RecoveryMechanisms: given.recovery
            .map((Name, index) => ({ Name, Priority: index + 1 }))
            .toReversed(),
        },
      }),
    } as unknown as PoolSettings,
    factors: {
      sms: offers.includes('SMS_MFA'),
      softwareToken: offers.includes('SOFTWARE_TOKEN_MFA'),
      ...(offers.includes('EMAIL_OTP') && { email: {} }),
    },
    preferences: {
      ...noMfa,
      legacySms: given.legacySms ?? false,
      enabled: given.enabled ?? [],
      ...(given.preferred && { preferred: given.preferred }),
    },
    attributes: {
      ...(has.includes('email') && { email: 'somebody@example.com' }),
      ...(has.includes('phone') && { phone_number: '+15555550123' }),
    },
    softwareToken: has.includes('token'),
    rememberedDevice: given.device === 'remembered',
    demand: given.demand,
  }
}

function inWords(decision: MfaDecision): string {
  if ('factor' in decision) return decision.factor
  return 'factors' in decision ? [decision.kind, ...decision.factors].join(' ') : decision.kind
}

describe('the diagram of sign-in', () => {
  const reachable = (from: SignInState, found = new Set<SignInState>()): Set<SignInState> => {
    for (const to of from === 'tokens' ? [] : transitions[from]) {
      if (found.has(to)) continue
      found.add(to)
      reachable(to, found)
    }
    return found
  }
  const beginnings: readonly SignInState[] = ['password', 'srp', 'choice', 'custom', 'refresh']

  test('leads from a beginning to every state, and from every state to tokens', () => {
    const states = Object.keys(transitions) as Exclude<SignInState, 'tokens'>[]
    const led = new Set(beginnings.flatMap((beginning) => [beginning, ...reachable(beginning)]))
    assert.deepEqual(
      states.filter((state) => !led.has(state)),
      [],
    )
    assert.deepEqual(
      states.filter((state) => !reachable(state).has('tokens')),
      [],
    )
  })

  test('has no way from a new password back to an older one, but where DefineAuthChallenge decides', () => {
    const after = reachable('NEW_PASSWORD_REQUIRED', new Set(['custom step judged']))
    for (const state of [
      'NEW_PASSWORD_REQUIRED',
      'PASSWORD',
      'PASSWORD_VERIFIER',
      'SELECT_CHALLENGE',
    ] as const)
      assert.equal(after.has(state), false, state)
  })

  test('has each arrow once', () => {
    for (const [from, all] of Object.entries(transitions)) assert.equal(new Set(all).size, all.length, from)
  })
})
