import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import { createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { providersAt } from '../../../test/providers.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('GetSigningCertificate', () => {
  onEachStore((server) => {
    const { certificate } = providersAt(server)

    test('is made once and the same ever after, whoever asks first', async () => {
      const UserPoolId = await createPool(server())
      const answers = await Promise.all(Array.from({ length: 8 }, () => certificate(UserPoolId)))
      assert.equal(new Set(answers).size, 1)
      server().clock.now += 86_400_000
      assert.equal(await certificate(UserPoolId), answers[0])
      assert.notEqual(await certificate(await createPool(server())), answers[0])
    })

    test('is one of the pool’s own that it signed itself, for ten years', async () => {
      const UserPoolId = await createPool(server())
      const x509 = new X509Certificate(Buffer.from((await certificate(UserPoolId)) ?? '', 'base64'))
      assert.equal(x509.subject, `CN=${UserPoolId}`)
      assert.equal(x509.issuer, x509.subject)
      assert.ok(x509.verify(x509.publicKey))
      assert.equal(Date.parse(x509.validFrom), server().clock.now - (server().clock.now % 1000))
      const year = (text: string) => new Date(text).getUTCFullYear()
      assert.equal(year(x509.validTo) - year(x509.validFrom), 10)
    })

    poolMustExist(server, (UserPoolId) => certificate(UserPoolId))
  })
})
