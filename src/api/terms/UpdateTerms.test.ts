import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { absentId, brandingAt, type Place } from '../../../test/branding.ts'
import { onEachStore } from '../../../test/harness.ts'
import { loseEveryRace, lostEveryRace } from '../../../test/pools.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import {
  alreadyThere,
  badLink,
  badLinks,
  links,
  noDefault,
  noTerms,
  noTermsInLite,
  termsAt,
} from '../../../test/terms.ts'

describe('UpdateTerms', () => {
  onEachStore((server) => {
    const { place, beside, lower } = brandingAt(server)
    const { create, describe: show, ofClient, update, remove } = termsAt(server)
    let home: Place
    before(async () => {
      home = await place()
    })

    test('changes what it names and keeps the rest; links as a whole', async () => {
      const here = await place()
      const { TermsId } = await create(here, 'terms-of-use', {
        Links: { ...links, 'cognito:german': 'https://example.com/de' },
      })
      for (const changes of [
        {},
        { TermsSource: 'LINK', Enforcement: 'NONE' },
        {
          Links: { 'cognito:default': 'https://example.com/new', 'cognito:dutch': 'https://example.com/nl' },
        },
        { Links: links },
        { TermsName: 'privacy-policy' },
        { TermsName: 'privacy-policy', Links: { ...links, 'cognito:dutch': 'https://example.com/nl' } },
        { TermsName: 'terms-of-use' },
      ] as const) {
        server().clock.now += 1000
        const before = await show(here.UserPoolId, TermsId)
        const after = { ...before, ...changes, LastModifiedDate: new Date(server().clock.now) }
        assert.deepEqual(await update(here.UserPoolId, TermsId, changes), after)
        assert.deepEqual(await show(here.UserPoolId, TermsId), after)
        assert.deepEqual(await ofClient(here, after.TermsName ?? ''), after)
      }
    })

    test('gives no name that the client has', async () => {
      const here = await place()
      const { TermsId } = await create(here)
      const other = await create(here, 'privacy-policy')
      await create(await beside(here), 'privacy-policy')
      const rename = (id = TermsId, TermsName = 'privacy-policy') =>
        update(here.UserPoolId, id, { TermsName })
      await assert.rejects(rename(), alreadyThere('privacy-policy', here))
      assert.equal((await show(here.UserPoolId, TermsId)).TermsName, 'terms-of-use')
      await remove(here.UserPoolId, other.TermsId)
      await rename()
    })

    test('of a renaming and a creation at once, one takes the name', async () => {
      const here = await place()
      const { TermsId } = await create(here)
      const outcomes = await Promise.allSettled([
        update(here.UserPoolId, TermsId, { TermsName: 'privacy-policy' }),
        create(here, 'privacy-policy'),
      ])
      const [lost, ...others] = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.ok(lost && others.length === 0)
      alreadyThere('privacy-policy', here)(lost.reason)
    })

    test('refuses what new terms are refused, and changes nothing', async () => {
      const here = await place()
      const before = await create(here)
      for (const link of badLinks) {
        await assert.rejects(
          update(here.UserPoolId, before.TermsId, { Links: { 'cognito:default': link } }),
          badLink(link),
        )
      }
      const Links = { 'cognito:english': 'https://example.com' }
      await assert.rejects(update(here.UserPoolId, before.TermsId, { Links }), noDefault)
      assert.deepEqual(await show(here.UserPoolId, before.TermsId), before)
      await lower(here.UserPoolId)
      await assert.rejects(update(here.UserPoolId, before.TermsId), noTermsInLite)
    })

    test('gives up when somebody else is always faster', async (t) => {
      const here = await place()
      const { TermsId } = await create(here)
      const { terms } = server().app.store
      loseEveryRace(t, terms, ({ poolId, id }) => terms.find(poolId, id))
      await assert.rejects(update(here.UserPoolId, TermsId), lostEveryRace)
    })

    test('knows terms by their id, in their pool', async () => {
      const { TermsId } = await create(await place())
      for (const id of [absentId, TermsId]) await assert.rejects(update(home.UserPoolId, id), noTerms)
    })

    poolMustExist(server, (UserPoolId) => update(UserPoolId, absentId))
  })
})
