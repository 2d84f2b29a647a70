import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import {
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { certificate, domainsAt } from '../../../test/domains.ts'
import { createPool, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { elsewhere, invalid, loseEveryRace, lostEveryRace, showPool } from '../../../test/pools.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import { StaleRow } from '../../ports/store.ts'

const taken = invalid('Domain already associated with another user pool.')
const configured = invalid('User pool already has a domain configured.')
const noDomain = invalid('No such domain or user pool exists.')
const wrongPrefix = invalid(
  'The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$',
)
const noParent = invalid(
  'Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or domain parent is a top-level domain.',
)
const wrongCertificate = invalid(
  "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
)
const wrongVersion = invalid('ManagedLoginVersion must be 1 or 2.')
const noManagedLogin = refusal(
  'FeatureUnavailableInTierException',
  'The following feature is not available for the LITE pricing tier configured: Managed Login',
)
const failover = { SecondaryRegion: 'eu-west-1', PrimaryRoute53HealthCheckId: 'abc' }

onEachStore((server) => {
  const { create, show, update, remove } = domainsAt(server)
  const pool = () => createPool(server())
  // A region has few custom domains: each test gives back what it took.
  const owned: [pool: string, name: string][] = []
  const createOwn = async (UserPoolId: string, name: string, settings = {}) => {
    const answer = await create(UserPoolId, name, { ...certificate(), ...settings })
    owned.push([UserPoolId, name])
    return answer
  }
  afterEach(async () => {
    for (const [UserPoolId, name] of owned.splice(0)) await remove(UserPoolId, name)
  })

  describe('CreateUserPoolDomain', () => {
    test('a prefix, which the domain’s description and the pool show', async () => {
      const UserPoolId = await pool()
      server().clock.now = Date.UTC(2026, 10, 24, 1, 2, 3)
      assert.deepEqual(await create(UserPoolId, 'my-prefix'), { ManagedLoginVersion: 1 })
      const { CloudFrontDistribution, ...shown } = (await show('my-prefix')) ?? {}
      assert.deepEqual(shown, {
        UserPoolId,
        AWSAccountId: '123456789012',
        Domain: 'my-prefix',
        S3Bucket: 'aws-cognito-prod-us-east-1-assets',
        Version: '20261124010203',
        Status: 'ACTIVE',
        ManagedLoginVersion: 1,
      })
      assert.match(CloudFrontDistribution ?? '', /^d[0-9a-z]{13}\.cloudfront\.net$/)
      const { Domain, CustomDomain } = await showPool(server(), UserPoolId)
      assert.deepEqual([Domain, CustomDomain], ['my-prefix', undefined])
    })

    test('a domain of the owner’s own, beside a prefix', async () => {
      const UserPoolId = await pool()
      const CustomDomainConfig = {
        ...certificate().CustomDomainConfig,
        SecurityPolicy: 'TLS_V1_3_2025' as const,
      }
      const Routing = { Failover: failover }
      const settings = { ManagedLoginVersion: 2, CustomDomainConfig, Routing }
      const { CloudFrontDomain, ...answer } = await createOwn(UserPoolId, 'auth.example.com', settings)
      assert.deepEqual(answer, { ManagedLoginVersion: 2, Routing })
      const shown = await show('auth.example.com')
      assert.partialDeepStrictEqual(shown, { UserPoolId, Domain: 'auth.example.com', ...settings })
      assert.match(CloudFrontDomain ?? '', /^d[0-9a-z]{13}\.cloudfront\.net$/)
      assert.equal(shown?.CloudFrontDistribution, CloudFrontDomain)
      await create(UserPoolId, 'beside-it')
      const { Domain, CustomDomain } = await showPool(server(), UserPoolId)
      assert.deepEqual([Domain, CustomDomain], ['beside-it', 'auth.example.com'])
    })

    test('what is no prefix', async () => {
      const UserPoolId = await pool()
      for (const name of ['My-prefix', '-a', 'a-', 'a_b', 'a b', 'ä', 'auth.example.com', '\u0000', ' ']) {
        await assert.rejects(create(UserPoolId, name), wrongPrefix, name)
      }
      for (const [name, word] of [
        ['aws', 'aws'],
        ['my-awsome', 'aws'],
        ['amazonas', 'amazon'],
        ['incognito', 'cognito'],
      ] as const) {
        await assert.rejects(
          create(UserPoolId, name),
          invalid(`Domain cannot contain reserved word: ${word}`),
        )
      }
      await assert.rejects(create(UserPoolId, 'a'.repeat(64)), { name: 'InvalidParameterException' })
      await create(UserPoolId, '0'.repeat(63))
    })

    test('what is no domain of anybody’s own', async () => {
      const UserPoolId = await pool()
      for (const name of [
        'example',
        'example.com',
        'Auth.example.com',
        'auth..com',
        'a_b.example.com',
        '.a.b.c',
      ]) {
        await assert.rejects(create(UserPoolId, name, certificate()), noParent, name)
      }
      await assert.rejects(
        create(UserPoolId, 'my-prefix.auth.us-east-1.amazoncognito.com', certificate()),
        invalid('Domain cannot contain reserved word: cognito'),
      )
      await assert.rejects(
        create(UserPoolId, 'auth.example.com', certificate('a', 'eu-west-1')),
        wrongCertificate,
      )
      const CertificateArn = 'arn:aws:iam::123456789012:server-certificate/a'
      await assert.rejects(
        create(UserPoolId, 'auth.example.com', { CustomDomainConfig: { CertificateArn } }),
        wrongCertificate,
      )
    })

    test('settings that cannot be', async () => {
      const UserPoolId = await pool()
      for (const ManagedLoginVersion of [0, 3, -1]) {
        await assert.rejects(create(UserPoolId, 'versions', { ManagedLoginVersion }), wrongVersion)
      }
      await assert.rejects(
        create(UserPoolId, 'routing', { Routing: { Failover: failover } }),
        invalid('Routing is only supported for custom domains.'),
      )
      const lite = await createPool(server(), { UserPoolTier: 'LITE' })
      await assert.rejects(create(lite, 'lite', { ManagedLoginVersion: 2 }), noManagedLogin)
      await create(lite, 'lite', { ManagedLoginVersion: 1 })
    })

    test('a name belongs to one pool of its region, whoever comes first', async () => {
      const [one, other] = [await pool(), await pool()]
      await create(one, 'wanted')
      await assert.rejects(create(one, 'wanted'), invalid('Domain already exists.'))
      await assert.rejects(create(other, 'wanted'), taken)
      await assert.rejects(create(one, 'another'), configured)
      assert.deepEqual(await show('another'), {})
      await createOwn(one, 'auth.wanted.com')
      await assert.rejects(create(other, 'auth.wanted.com', certificate()), taken)
      await assert.rejects(create(one, 'auth.other.com', certificate()), configured)
      await assert.rejects(create(one, 'auth.wanted.com', certificate()), invalid('Domain already exists.'))

      const abroad = elsewhere(server(), 'eu-west-1')
      const { UserPool } = await abroad.send(new CreateUserPoolCommand({ PoolName: 'abroad' }))
      const UserPoolId = UserPool?.Id ?? ''
      await abroad.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'wanted' }))
      const { DomainDescription } = await abroad.send(new DescribeUserPoolDomainCommand({ Domain: 'wanted' }))
      assert.equal(DomainDescription?.UserPoolId, UserPoolId)
      assert.equal((await show('wanted'))?.UserPoolId, one)
      await assert.rejects(
        abroad.send(
          new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'auth.wanted.com', ...certificate() }),
        ),
        taken,
      )
    })

    test('of ten pools that want a name at once, one gets it', async () => {
      const pools = await Promise.all(Array.from({ length: 10 }, pool))
      const outcomes = await Promise.allSettled(pools.map((id) => create(id, 'contested')))
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 9)
      for (const { reason } of losers) taken(reason)
    })

    test('of ten names that a pool wants at once, it gets one', async () => {
      const UserPoolId = await pool()
      const names = Array.from({ length: 10 }, (_, index) => `name-${index}`)
      const outcomes = await Promise.allSettled(names.map((name) => create(UserPoolId, name)))
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 9)
      for (const { reason } of losers) configured(reason)
      const { Domain } = await showPool(server(), UserPoolId)
      assert.equal((await show(Domain ?? ''))?.UserPoolId, UserPoolId)
    })

    test('four custom domains in a region, also of many that are created at once', async () => {
      const pools = await Promise.all(Array.from({ length: 8 }, pool))
      const outcomes = await Promise.allSettled(
        pools.map((id, index) => createOwn(id, `auth.example-${index}.com`)),
      )
      const full = refusal(
        'LimitExceededException',
        'The limit of 4 custom domains in a Region has been reached.',
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 4)
      for (const { reason } of losers) full(reason)
      await create(await pool(), 'a-prefix-all-the-same')
      const [[holder, name] = ['', '']] = owned.splice(0, 1)
      await remove(holder, name)
      await createOwn(await pool(), 'auth.late.com')
    })

    test('that loses every race', async (context) => {
      const UserPoolId = await pool()
      context.mock.method(server().app.store, 'transaction', async () => {
        throw new StaleRow()
      })
      await assert.rejects(create(UserPoolId, 'racing'), lostEveryRace)
    })

    poolMustExist(server, (id) => create(id, 'nowhere'))
  })

  describe('DescribeUserPoolDomain', () => {
    test('nothing of a domain that nobody has, or that there cannot be', async () => {
      for (const name of ['nobodys', 'auth.nobodys.com', 'Nobodys', '\u0000', 'aws']) {
        assert.deepEqual(await show(name), {})
      }
    })

    test('nothing of a domain in another region', async () => {
      const UserPoolId = await pool()
      await create(UserPoolId, 'domestic')
      await createOwn(UserPoolId, 'auth.domestic.com')
      for (const Domain of ['domestic', 'auth.domestic.com', 'domestic.auth.us-east-1.amazoncognito.com']) {
        const { DomainDescription } = await elsewhere(server(), 'eu-west-1').send(
          new DescribeUserPoolDomainCommand({ Domain }),
        )
        assert.deepEqual(DomainDescription, {})
      }
    })

    test('the same CloudFront name for all prefixes of a region, and one for each other domain', async () => {
      const nameOf = async (domain: string) => (await show(domain))?.CloudFrontDistribution
      await create(await pool(), 'one')
      await create(await pool(), 'two')
      await createOwn(await pool(), 'auth.one.com')
      await createOwn(await pool(), 'auth.two.com')
      const [one, two] = [await nameOf('one'), await nameOf('two')]
      const [own, other] = [await nameOf('auth.one.com'), await nameOf('auth.two.com')]
      assert.equal(one, two)
      assert.equal(new Set([one, own, other]).size, 3)
    })
  })

  describe('UpdateUserPoolDomain', () => {
    test('changes the pages of a prefix', async () => {
      const UserPoolId = await pool()
      await create(UserPoolId, 'changing')
      const before = await show('changing')
      assert.deepEqual(await update(UserPoolId, 'changing', { ManagedLoginVersion: 2 }), {
        ManagedLoginVersion: 2,
      })
      assert.deepEqual(await show('changing'), { ...before, ManagedLoginVersion: 2 })
      assert.deepEqual(await update(UserPoolId, 'changing'), { ManagedLoginVersion: 2 })
    })

    test('changes what it names of a domain of the owner’s own, and keeps the rest', async () => {
      const UserPoolId = await pool()
      const { CloudFrontDomain } = await createOwn(UserPoolId, 'auth.changing.com')
      const [first, second] = [certificate(), certificate('b')]
      const strict = { ...first.CustomDomainConfig, SecurityPolicy: 'TLS_V1_2_2021' as const }
      let expected = { ...(await show('auth.changing.com')), ...first }
      for (const [settings, shown] of [
        [{ Routing: { Failover: failover } }, { Routing: { Failover: failover } }],
        [{ CustomDomainConfig: strict }, { CustomDomainConfig: strict }],
        [second, { CustomDomainConfig: { ...strict, ...second.CustomDomainConfig } }],
        [{ ManagedLoginVersion: 2 }, { ManagedLoginVersion: 2 }],
        [{ Routing: {} }, { Routing: undefined }],
      ] as const) {
        const { Routing, ...rest } = { ...expected, ...shown }
        expected = Routing ? { ...rest, Routing } : rest
        const { ManagedLoginVersion } = expected
        assert.deepEqual(await update(UserPoolId, 'auth.changing.com', settings), {
          ManagedLoginVersion,
          CloudFrontDomain,
          ...(Routing && { Routing }),
        })
        assert.deepEqual(await show('auth.changing.com'), expected)
      }
    })

    test('what cannot be', async () => {
      const UserPoolId = await createPool(server(), { UserPoolTier: 'LITE' })
      await create(UserPoolId, 'standing')
      await assert.rejects(
        update(UserPoolId, 'standing', certificate()),
        invalid('User pool should have a custom domain associated, failed to update the certificate.'),
      )
      await assert.rejects(
        update(UserPoolId, 'standing', { Routing: { Failover: failover } }),
        invalid('Routing is only supported for custom domains.'),
      )
      await assert.rejects(update(UserPoolId, 'standing', { ManagedLoginVersion: 2 }), noManagedLogin)
      await assert.rejects(update(UserPoolId, 'standing', { ManagedLoginVersion: 3 }), wrongVersion)
      await createOwn(UserPoolId, 'auth.standing.com')
      await assert.rejects(
        update(UserPoolId, 'auth.standing.com', certificate('a', 'eu-west-1')),
        wrongCertificate,
      )
      assert.equal((await show('standing'))?.ManagedLoginVersion, 1)
    })

    test('a domain that the pool does not have', async () => {
      const [one, other] = [await pool(), await pool()]
      await create(one, 'someone-elses')
      for (const name of ['someone-elses', 'absent', 'No', '\u0000'])
        await assert.rejects(update(other, name), noDomain)
    })

    test('that loses every race', async (context) => {
      const UserPoolId = await pool()
      await create(UserPoolId, 'raced-for')
      const { domains } = server().app.store
      loseEveryRace(context, domains, ({ host }) => domains.find(host))
      await assert.rejects(update(UserPoolId, 'raced-for', { ManagedLoginVersion: 2 }), lostEveryRace)
    })

    poolMustExist(server, (id) => update(id, 'nowhere'))
  })

  describe('DeleteUserPoolDomain', () => {
    test('frees the name, for any pool', async () => {
      const [one, other] = [await pool(), await pool()]
      await create(one, 'passed-on')
      const { $metadata, ...output } = await remove(one, 'passed-on')
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      assert.deepEqual(await show('passed-on'), {})
      assert.equal((await showPool(server(), one)).Domain, undefined)
      await assert.rejects(remove(one, 'passed-on'), noDomain)
      await create(other, 'passed-on')
      await assert.rejects(remove(one, 'passed-on'), noDomain)
      assert.equal((await show('passed-on'))?.UserPoolId, other)
      await create(one, 'another-one')
    })

    test('of five who delete at once, one finds it', async () => {
      const UserPoolId = await pool()
      await create(UserPoolId, 'deleted-often')
      const outcomes = await Promise.allSettled(
        Array.from({ length: 5 }, () => remove(UserPoolId, 'deleted-often')),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 4)
      for (const { reason } of losers) noDomain(reason)
    })

    poolMustExist(server, (id) => remove(id, 'nowhere'))
  })

  describe('a pool with a domain', () => {
    test('cannot be deleted before the domain', async () => {
      const UserPoolId = await pool()
      const deletePool = () => server().client.send(new DeleteUserPoolCommand({ UserPoolId }))
      const refused = invalid(
        'User pool cannot be deleted. It has a domain configured that should be deleted first.',
      )
      await create(UserPoolId, 'in-the-way')
      await assert.rejects(deletePool(), refused)
      await createOwn(UserPoolId, 'auth.in-the-way.com')
      await remove(UserPoolId, 'in-the-way')
      await assert.rejects(deletePool(), refused)
      owned.splice(0)
      await remove(UserPoolId, 'auth.in-the-way.com')
      await deletePool()
    })
  })
})
