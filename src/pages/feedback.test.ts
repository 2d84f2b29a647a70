import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { createRecordedPool, eventsOf, newEventOf } from '../../test/events.ts'
import { createPool, createUser } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import type { Place } from '../../test/sign-in.ts'
import type { UserPoolId as PoolId } from '../domain/ids.ts'
import { feedbackLink } from '../flows/auth-events.ts'

describe('the page where a mail about a sign-in leads', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createRecordedPool(server())
      await createUser(server(), place.UserPoolId, 'ada')
    })
    const linkOf = async (value: 'valid' | 'invalid', user = 'ada') => {
      const event = await newEventOf(server(), place, 'ada')
      const link = feedbackLink(server().app, place.UserPoolId as PoolId, user, event, value)
      return new URL(link)
    }
    const look = (link: URL) => server().web(`${link.pathname}${link.search}`)
    const say = (fields: URLSearchParams | string) =>
      server().web('/feedback', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: fields.toString(),
      })
    const feedback = async () => (await eventsOf(server(), place.UserPoolId, 'ada'))[0]?.EventFeedback

    for (const [value, said, button] of [
      ['valid', 'Valid', 'Yes, that was me'],
      ['invalid', 'Invalid', 'Yes, that was not me'],
    ] as const) {
      test(`asks first, and takes ${value} at the press of its button`, async () => {
        const link = await linkOf(value)
        const asked = await look(link)
        assert.equal(asked.status, 200)
        const html = await asked.text()
        assert.ok(html.includes(`<button>${button}</button>`))
        assert.equal(await feedback(), undefined)
        const fields = new URLSearchParams(
          [...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
            ([, name = '', text = '']): [string, string] => [name, text],
          ),
        )
        const thanks = await say(fields)
        assert.equal(thanks.status, 200)
        assert.match(await thanks.text(), /Thank you for telling us\./)
        const FeedbackDate = new Date(server().clock.now)
        assert.deepEqual(await feedback(), { FeedbackValue: said, Provider: 'User', FeedbackDate })
      })
    }

    test('tells nobody else of its address, and runs nothing', async () => {
      const { headers } = await look(await linkOf('valid'))
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(
        headers.get('content-security-policy'),
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      )
    })

    test('shows what it was given as text', async () => {
      const link = await linkOf('valid')
      link.searchParams.set('user', '"><script>alert(1)</script>')
      const html = await (await look(link)).text()
      assert.ok(!html.includes('<script>'))
      assert.ok(html.includes('value="&quot;&gt;&lt;script&gt;'))
    })

    test('takes no word that does not fit the mail', async () => {
      const link = await linkOf('valid')
      const changed = (changes: Readonly<Record<string, string>>) =>
        new URLSearchParams({ ...Object.fromEntries(link.searchParams), ...changes })
      const other = await createPool(server())
      for (const changes of [
        { token: 'made-up' },
        { user: 'nobody' },
        { event: 'another' },
        { pool: other },
        { pool: 'us-east-1_Absent123' },
      ]) {
        const refused = await say(changed(changes))
        assert.equal(refused.status, 400)
        assert.match(await refused.text(), /This link is not valid, or no longer\./)
      }
      for (const fields of [changed({ value: 'maybe' }), changed({ token: '' }), '']) {
        const refused = await say(fields)
        assert.equal(refused.status, 400)
        assert.match(await refused.text(), /This link is not complete\./)
      }
      assert.equal((await look(new URL('http://localhost/feedback'))).status, 400)
      assert.equal(await feedback(), undefined)
    })
  })
})
