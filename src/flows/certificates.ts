import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { Certificate, CertificateUse } from '../domain/certificate.ts'
import type { UserPoolId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import { days, type Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'

/** Ten years, as AWS's comment on GetSigningCertificate says. */
const validity = days(3652)

/**
 * A pool's certificate for a use, made when somebody first asks for it and the same ever after: of several who ask at
 * once, all are given the one that was kept first.
 */
export async function certificateOf(
  app: App,
  pool: Pool,
  use: CertificateUse,
  now: Instant,
): Promise<Certificate> {
  const standing = await app.store.certificates.find(pool.id, use)
  if (standing !== undefined) return standing
  const pair = await app.keyMaker.rsa()
  const der = await app.keyMaker.certify(pair, {
    commonName: pool.id,
    serial: app.random.bytes(16),
    from: now,
    until: now + validity,
  })
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
  return app.store.certificates.keep({
    poolId: pool.id,
    use,
    certificate: Buffer.from(der).toString('base64'),
    sealedPrivateKey: app.vault.seal(privateKey, certificateContext(pool.id, use)),
  })
}

/** The private key of a certificate. */
export function privateKeyOf(app: App, { poolId, use, sealedPrivateKey }: Certificate): KeyObject {
  const key = app.vault.open(sealedPrivateKey, certificateContext(poolId, use))
  return createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
}

/** What the private key of a certificate is sealed under. */
const certificateContext = (poolId: UserPoolId, use: CertificateUse) => `certificate key ${poolId} ${use}`
