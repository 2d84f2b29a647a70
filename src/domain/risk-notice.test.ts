import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Secret } from '../lib/secret.ts'
import { riskNotice } from './risk-notice.ts'

const facts = {
  username: '<b>ada</b>&{ip-address}',
  at: Date.UTC(2026, 10, 23, 12),
  place: { ip: '192.0.2.1', device: 'Chrome 126, Windows 10' },
  eventId: 'event-1',
  feedbackToken: new Secret('token-1'),
  link: (value: string) => `https://example.com/feedback?event=event-1&value=${value}`,
}
const SourceArn = 'arn:aws:ses:us-east-1:123456789012:identity/admin@example.com'

describe('the notice of a risky sign-in', () => {
  test('fills in every placeholder, once, and leaves the rest', () => {
    const marks =
      '{username} {ip-address} {city} {country} {login-time} {device-name} {event-id} {feedback-token} {one-click-link-valid} {one-click-link-invalid}'
    const BlockEmail = { Subject: 'For {username}', TextBody: `${marks} {####} {other} {constructor}` }
    assert.deepEqual(riskNotice({ SourceArn, BlockEmail }, 'BlockEmail', facts), {
      medium: 'EMAIL',
      subject: 'For <b>ada</b>&{ip-address}',
      body: [
        '<b>ada</b>&{ip-address} 192.0.2.1 unknown unknown 2026-11-23T12:00:00.000Z',
        'Chrome 126, Windows 10 event-1 token-1',
        'https://example.com/feedback?event=event-1&value=valid',
        'https://example.com/feedback?event=event-1&value=invalid {####} {other} {constructor}',
      ].join(' '),
    })
  })

  test('in HTML nothing that is filled in is HTML', () => {
    const MfaEmail = {
      Subject: 'New',
      HtmlBody: '<p>{username} <a href="{one-click-link-valid}">me</a>',
      TextBody: 'text',
    }
    const { body } = riskNotice({ SourceArn, MfaEmail }, 'MfaEmail', facts)
    assert.equal(
      body,
      '<p>&#60;b&#62;ada&#60;/b&#62;&#38;{ip-address} <a href="https://example.com/feedback?event=event-1&#38;value=valid">me</a>',
    )
  })

  test('has words of its own where the pool has none', () => {
    for (const kind of ['BlockEmail', 'MfaEmail', 'NoActionEmail'] as const) {
      const { subject, body } = riskNotice(undefined, kind, { ...facts, place: {} })
      assert.match(subject ?? '', /sign-in attempt$/)
      assert.match(body, /Time: 2026-11-23T12:00:00.000Z\nDevice: unknown\nIP address: unknown\n/)
      assert.match(body, /value=valid\n.*value=invalid$/)
    }
    const Subject = 'A subject alone'
    const bare = riskNotice({ SourceArn, BlockEmail: { Subject } }, 'BlockEmail', facts)
    assert.equal(bare.subject, Subject)
    assert.match(bare.body, /^We blocked a sign-in/)
  })
})
