import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Pool } from './pool.ts'
import { resolveSettings, type SettingsRequest } from './pool-settings.ts'
import {
  authenticationTemplate,
  fill,
  invitationTemplate,
  type Medium,
  masked,
  verificationTemplate,
  welcomeTemplate,
} from './template.ts'

const smsMfaMessage = (pool: Pool, code: string) => fill('SMS', authenticationTemplate(pool, 'SMS'), { code })
const emailMfaMessage = (pool: Pool, code: string) =>
  fill('EMAIL', authenticationTemplate(pool, 'EMAIL'), { code })
const verificationMessage = (pool: Pool, medium: Medium, code: string) =>
  fill(medium, verificationTemplate(pool, medium), { code })
const invitation = (pool: Pool, medium: Medium, username: string, code: string) =>
  fill(medium, invitationTemplate(pool, medium), { code, username })

const poolWith = (request: SettingsRequest = {}, email?: Pool['mfa']['email']) =>
  ({ settings: resolveSettings(request, 'us-east-1'), mfa: { sms: false, ...(email && { email }) } }) as Pool
const plain = poolWith()

describe('a message', () => {
  for (const [what, draft, expected] of [
    [
      'of SMS MFA',
      smsMfaMessage(plain, '012345'),
      { medium: 'SMS', body: 'Your authentication code is 012345.' },
    ],
    [
      'of SMS MFA in the pool’s words',
      smsMfaMessage(poolWith({ SmsAuthenticationMessage: '{####}, and again {####}' }), '012345'),
      { medium: 'SMS', body: '012345, and again 012345' },
    ],
    [
      'of email MFA',
      emailMfaMessage(plain, '012345'),
      { medium: 'EMAIL', subject: 'Your authentication code', body: 'Your authentication code is 012345.' },
    ],
    [
      'of email MFA in the pool’s words',
      emailMfaMessage(poolWith({}, { Subject: 'Hello', Message: '<b>{####}</b>' }), '012345'),
      { medium: 'EMAIL', subject: 'Hello', body: '<b>012345</b>' },
    ],
    [
      'that verifies a phone number',
      verificationMessage(plain, 'SMS', '012345'),
      { medium: 'SMS', body: 'Your verification code is 012345.' },
    ],
    [
      'that verifies an email address',
      verificationMessage(plain, 'EMAIL', '012345'),
      { medium: 'EMAIL', subject: 'Your verification code', body: 'Your verification code is 012345.' },
    ],
    [
      'that verifies, in the words of the template before the older ones',
      verificationMessage(
        poolWith({
          EmailVerificationMessage: 'Old {####}',
          EmailVerificationSubject: 'Old',
          VerificationMessageTemplate: { EmailMessage: 'New {####}' },
        }),
        'EMAIL',
        '012345',
      ),
      { medium: 'EMAIL', subject: 'Old', body: 'New 012345' },
    ],
    [
      'that verifies, in the older words when they are all there is',
      verificationMessage(poolWith({ SmsVerificationMessage: 'Old {####}' }), 'SMS', '012345'),
      { medium: 'SMS', body: 'Old 012345' },
    ],
    [
      'that invites by SMS',
      invitation(plain, 'SMS', 'jane', 'Secret-1'),
      { medium: 'SMS', body: 'Your username is jane and temporary password is Secret-1.' },
    ],
    [
      'that welcomes one without a password',
      fill('EMAIL', welcomeTemplate(plain, 'EMAIL'), { username: 'jane' }),
      { medium: 'EMAIL', subject: 'Your username', body: 'Your username is jane.' },
    ],
    [
      'that is mail, and so HTML, to one with a name that could be more than text',
      fill('EMAIL', welcomeTemplate(plain, 'EMAIL'), { username: '<a&b>' }),
      { medium: 'EMAIL', subject: 'Your username', body: 'Your username is &#60;a&#38;b&#62;.' },
    ],
    [
      'that invites by email',
      invitation(plain, 'EMAIL', 'jane', 'Secret-1'),
      {
        medium: 'EMAIL',
        subject: 'Your temporary password',
        body: 'Your username is jane and temporary password is Secret-1.',
      },
    ],
    [
      'that invites in the pool’s words',
      invitation(
        poolWith({
          AdminCreateUserConfig: {
            InviteMessageTemplate: { EmailSubject: 'Welcome', EmailMessage: '{####} {username} {other}' },
          },
        }),
        'EMAIL',
        'jane',
        'Secret-1',
      ),
      { medium: 'EMAIL', subject: 'Welcome', body: 'Secret-1 jane {other}' },
    ],
    [
      'in which a name and a password stay what they are',
      invitation(plain, 'SMS', '{####}', '{username}$&$1'),
      { medium: 'SMS', body: 'Your username is {####} and temporary password is {username}$&$1.' },
    ],
  ] as const) {
    test(what, () => assert.deepEqual(draft, expected))
  }
})

describe('a destination', () => {
  for (const [medium, destination, shown] of [
    ['SMS', '+15555550123', '+*******0123'],
    ['SMS', '+49', '+*******+49'],
    ['EMAIL', 'jane@example.com', 'j***@e***'],
    ['EMAIL', 'j@e', 'j***@e***'],
    ['EMAIL', '"a@b"@example.com', '"***@e***'],
  ] as const) {
    test(`${destination} is shown as ${shown}`, () => assert.equal(masked(medium, destination), shown))
  }
})
