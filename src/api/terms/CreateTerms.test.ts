import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { DeleteUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider'
import { brandingAt, type Place } from '../../../test/branding.ts'
import { createClient, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid } from '../../../test/pools.ts'
import { clientMustExist } from '../../../test/suites/subjects.ts'
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
import { mostTerms } from '../../domain/terms.ts'

const full = refusal(
  'LimitExceededException',
  'The limit of 40 terms documents in a user pool has been reached.',
)
const violation = (text: string) => invalid(`1 validation error detected: ${text}`)

describe('CreateTerms', () => {
  onEachStore((server) => {
    const { place, beside, lower } = brandingAt(server)
    const { create, describe: show, ofClient, remove } = termsAt(server)
    let home: Place
    before(async () => {
      home = await place()
    })

    test('answers with the terms, as they are described from then on', async () => {
      server().clock.now += 1234
      const at = new Date(server().clock.now)
      const all = Object.fromEntries(
        'default dutch english french spanish german bahasa-indonesia italian japanese korean portuguese-brazil chinese-simplified chinese-traditional'
          .split(' ')
          .map((language) => [`cognito:${language}`, `https://example.com/${language}/?a=1&b=päivä#c`]),
      )
      for (const [name, Links] of [
        ['terms-of-use', all],
        ['privacy-policy', { 'cognito:default': 'http://localhost:8080/privacy' }],
      ] as const) {
        const created = await create(home, name, { Links })
        const { TermsId, ...rest } = created
        assert.match(TermsId ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        assert.deepEqual(rest, {
          ...home,
          TermsName: name,
          TermsSource: 'LINK',
          Enforcement: 'NONE',
          Links,
          CreationDate: at,
          LastModifiedDate: at,
        })
        assert.deepEqual(await show(home.UserPoolId, TermsId), created)
        assert.deepEqual(await ofClient(home, name), created)
      }
    })

    test('needs a link for those without one of their own', async () => {
      const here = await place()
      for (const Links of [undefined, { 'cognito:english': 'https://example.com' }]) {
        await assert.rejects(create(here, 'terms-of-use', { Links }), noDefault)
      }
    })

    test('takes links that a sign-up page can show, and no others', async () => {
      const here = await place()
      for (const link of badLinks) {
        await assert.rejects(
          create(here, 'terms-of-use', { Links: { ...links, 'cognito:german': link } }),
          badLink(link),
        )
      }
      await assert.rejects(
        create(here, 'terms-of-use', { Links: { ...links, german: 'https://example.com' } }),
        violation(
          "Value '{cognito:default=https://example.com/terms, german=https://example.com}' at 'links' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: ^cognito:(default|dutch|english|french|spanish|german|bahasa-indonesia|italian|japanese|korean|portuguese-brazil|chinese-(simplified|traditional))$]",
        ),
      )
    })

    test('are of one of two names', async () => {
      await assert.rejects(
        create(home, 'terms-of-use-2'),
        violation(
          "Value 'terms-of-use-2' at 'termsName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(terms-of-use|privacy-policy)$",
        ),
      )
    })

    test('of each name a client has one', async () => {
      const here = await place()
      const first = await create(here)
      await assert.rejects(create(here), alreadyThere('terms-of-use', here))
      assert.deepEqual(await ofClient(here, 'terms-of-use'), first)
      await create(await beside(here))
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, () => create(here, 'privacy-policy')),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 9)
      for (const { reason } of losers) alreadyThere('privacy-policy', here)(reason)
    })

    test('stop at forty in a pool, also when several are created at once', async () => {
      const first = await place()
      const standing = await create(first)
      for (let count = 1; count < mostTerms - 1; count += 1) await create(await beside(first))
      const racers = await Promise.all(Array.from({ length: 4 }, () => beside(first)))
      const outcomes = await Promise.allSettled(racers.map((racer) => create(racer)))
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 3)
      for (const { reason } of losers) full(reason)
      await remove(first.UserPoolId, standing.TermsId)
      await create(first)
    })

    test('are not for pools of the Lite plan', async () => {
      const here = await place()
      await lower(here.UserPoolId)
      await assert.rejects(create(here), noTermsInLite)
    })

    test('go with their client', async () => {
      const here = await place()
      const { TermsId } = await create(here)
      const { ClientId } = await createClient(server(), here.UserPoolId)
      await create({ ...here, ClientId })
      await server().client.send(new DeleteUserPoolClientCommand(here))
      await assert.rejects(show(here.UserPoolId, TermsId), noTerms)
      await ofClient({ ...here, ClientId }, 'terms-of-use')
    })

    clientMustExist(server, (UserPoolId, ClientId) => create({ UserPoolId, ClientId }))
  })
})
