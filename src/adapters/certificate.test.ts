import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { keyMaker } from './key-maker.ts'

test('certifies a pair of keys under its own signature', async () => {
  const [pair, other] = await Promise.all([keyMaker.rsa(), keyMaker.rsa()])
  const facts = {
    commonName: 'eu-west-1_Größe',
    serial: Buffer.alloc(16, 0xff),
    from: Date.UTC(2045, 5, 1, 12, 30, 15),
    until: Date.UTC(2055, 5, 1, 12, 30, 15),
  }
  const certificate = new X509Certificate(await keyMaker.certify(pair, facts))
  assert.equal(certificate.subject, `CN=${facts.commonName}`)
  assert.equal(certificate.issuer, certificate.subject)
  assert.equal(certificate.serialNumber, `01${'FF'.repeat(16)}`)
  // Before 2050 and after it a time is written differently.
  assert.equal(Date.parse(certificate.validFrom), facts.from)
  assert.equal(Date.parse(certificate.validTo), facts.until)
  assert.ok(certificate.verify(pair.publicKey))
  assert.ok(certificate.checkPrivateKey(pair.privateKey))
  assert.ok(!certificate.verify(other.publicKey))
})
