import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node'
import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMS,
  ListKeysCommand,
} from '@aws-sdk/client-kms'
import { startServer, type TestServer } from '../../test/harness.ts'
import type { HttpResponse } from '../protocol/aws-json.ts'
import { isForKms, kmsFace } from './face.ts'

const key = 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357'
const other = 'arn:aws:kms:us-east-1:123456789012:key/00000000-0c45-47db-925f-87854bc9e357'
const EncryptionContext = { 'userpool-id': 'us-east-1_Abc123456', a: 'b' }

describe('the KMS API of the local keys', () => {
  let server: TestServer
  let call: (headers: Record<string, string>, body: Uint8Array) => HttpResponse
  before(async () => {
    const users = [
      {
        name: 'decrypter',
        accessKeys: [{ id: 'DECRYPTER', secret: 'secret of decrypter' }],
        policies: [
          { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: key }] },
        ],
      },
    ]
    server = await startServer({ iam: { users } })
    const { keys } = server.app.kms
    assert.ok(keys)
    const face = kmsFace(server.app, keys)
    call = (headers, body) => {
      const request = {
        method: 'POST',
        target: '/',
        headers,
        body,
        remoteAddress: '127.0.0.1',
        secure: false,
      }
      assert.equal(isForKms(request), true)
      return face(request)
    }
  })
  after(() => server.stop())

  const clientOf = (accessKeyId: string, secretAccessKey: string) =>
    new KMS({
      region: 'us-east-1',
      endpoint: 'http://localhost:9229',
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
      requestHandler: {
        async handle({ headers, body }: { headers: Record<string, string>; body?: string }) {
          const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
          const answer = call(Object.fromEntries(lower), Buffer.from(body ?? ''))
          const stream = Readable.from([Buffer.from(answer.body)])
          return { response: { statusCode: answer.status, headers: answer.headers, body: stream } }
        },
      } as never,
    })
  const root = () => clientOf('test', 'test')

  test('a data key comes in clear and encrypted, and what is encrypted opens again', async () => {
    const made = await root().send(
      new GenerateDataKeyCommand({ KeyId: key, KeySpec: 'AES_256', EncryptionContext }),
    )
    assert.equal(made.Plaintext?.length, 32)
    assert.equal(made.KeyId, key)
    const context = Object.fromEntries(Object.entries(EncryptionContext).reverse())
    const { CiphertextBlob } = made
    const opened = await root().send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }))
    assert.deepEqual(opened.Plaintext, made.Plaintext)
    const Plaintext = Buffer.from('hello')
    const sealed = await root().send(new EncryptCommand({ KeyId: key, Plaintext }))
    const again = await root().send(new DecryptCommand({ KeyId: key, CiphertextBlob: sealed.CiphertextBlob }))
    assert.deepEqual(Buffer.from(again.Plaintext ?? ''), Plaintext)
  })

  test('in another context, under another key, or altered, it does not', async () => {
    const { CiphertextBlob = new Uint8Array() } = await root().send(
      new GenerateDataKeyCommand({ KeyId: key, EncryptionContext }),
    )
    const decrypt = (input: object) =>
      root().send(new DecryptCommand({ CiphertextBlob, EncryptionContext, ...input }))
    await assert.rejects(decrypt({ EncryptionContext: {} }), { name: 'InvalidCiphertextException' })
    await assert.rejects(decrypt({ KeyId: other }), { name: 'IncorrectKeyException' })
    const altered = Buffer.from(Buffer.from(CiphertextBlob).toString('utf8').replace(key, other))
    await assert.rejects(decrypt({ CiphertextBlob: altered }), { name: 'InvalidCiphertextException' })
    for (const garbage of ['', '{}', '[]', 'null', '{"keyId":7}']) {
      const blob = Buffer.from(garbage || 'x')
      await assert.rejects(decrypt({ CiphertextBlob: blob }), { name: 'InvalidCiphertextException' }, garbage)
    }
  })

  test('only for whom a policy lets', async () => {
    const { CiphertextBlob } = await root().send(new GenerateDataKeyCommand({ KeyId: key }))
    const allowed = clientOf('DECRYPTER', 'secret of decrypter')
    assert.ok((await allowed.send(new DecryptCommand({ CiphertextBlob }))).Plaintext)
    const denied = { name: 'AccessDeniedException' }
    await assert.rejects(allowed.send(new GenerateDataKeyCommand({ KeyId: key })), denied)
    const elsewhere = await root().send(new GenerateDataKeyCommand({ KeyId: other }))
    await assert.rejects(
      allowed.send(new DecryptCommand({ CiphertextBlob: elsewhere.CiphertextBlob })),
      denied,
    )
    await assert.rejects(clientOf('DECRYPTER', 'wrong').send(new DecryptCommand({ CiphertextBlob })), denied)
    const unsigned = call({ 'x-amz-target': 'TrentService.Decrypt' }, Buffer.from('{}'))
    assert.equal(JSON.parse(String(unsigned.body)).__type, 'MissingAuthenticationTokenException')
  })

  test('a key that is no ARN, a size that is none, JSON that is none, and an operation that is not served', async () => {
    await assert.rejects(root().send(new GenerateDataKeyCommand({ KeyId: 'alias/mine' })), {
      name: 'NotFoundException',
    })
    for (const NumberOfBytes of [0, 1025, 1.5]) {
      await assert.rejects(root().send(new GenerateDataKeyCommand({ KeyId: key, NumberOfBytes })), {
        name: 'ValidationException',
      })
    }
    await assert.rejects(root().send(new ListKeysCommand({})), { name: 'UnknownOperationException' })
  })

  test('the AWS Encryption SDK decrypts with it what a custom sender is given', async () => {
    const encrypted = await server.app.kms.encrypt(key, '123456', { 'userpool-id': 'us-east-1_Abc123456' })
    const { decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)
    const keyring = new KmsKeyringNode({ keyIds: [key], clientProvider: () => root() as never })
    const { plaintext, messageHeader } = await decrypt(keyring, Buffer.from(encrypted, 'base64'))
    assert.equal(plaintext.toString(), '123456')
    assert.equal(messageHeader.encryptionContext['userpool-id'], 'us-east-1_Abc123456')
    const stranger = new KmsKeyringNode({ keyIds: [other], clientProvider: () => root() as never })
    await assert.rejects(decrypt(stranger, Buffer.from(encrypted, 'base64')))
  })
})
