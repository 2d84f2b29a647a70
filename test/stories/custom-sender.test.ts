import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { password } from '../fixtures.ts'
import { type Bundle, bundled, type Running, root, sdkAt } from '../server-process.ts'
import { functionArnOf } from '../trigger-functions.ts'

/** A function that carries mail, as AWS's documentation has it: it decrypts the code with the AWS Encryption SDK. */
describe('a custom sender in the data folder', () => {
  let bundle: Bundle
  let server: Running
  let url: string
  before(async () => {
    bundle = await bundled()
    const data = bundle.newData()
    await mkdir(join(data, 'triggers'), { recursive: true })
    const sdk = (name: string) => pathToFileURL(join(root, 'node_modules', name)).href
    server = bundle.run(['serve', '--port', '0', '--data', data, '--log-level', 'info'])
    url = await server.url()
    await writeFile(
      join(data, 'triggers', 'carrier.mjs'),
      `import { buildClient, CommitmentPolicy, KmsKeyringNode, getClient, KMS } from '${sdk('@aws-crypto/client-node/build/main/src/index.js')}'

      const { decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
      const clientProvider = getClient(KMS, { endpoint: '${url}', credentials })
      const keyring = new KmsKeyringNode({ keyIds: ['${key}'], clientProvider })

      export const handler = async (event) => {
        const { plaintext } = await decrypt(keyring, Buffer.from(event.request.code, 'base64'))
        console.log(event.triggerSource, 'to', event.request.userAttributes.email, plaintext.toString())
      }`,
    )
  })
  after(() => bundle?.remove())

  test('decrypts the code with this server’s keys, and the code works', async () => {
    const client = sdkAt(url)
    const { UserPool } = await client.send(
      new CreateUserPoolCommand({
        PoolName: 'carried',
        AutoVerifiedAttributes: ['email'],
        LambdaConfig: {
          CustomEmailSender: { LambdaArn: functionArnOf('carrier'), LambdaVersion: 'V1_0' },
          KMSKeyID: key,
        },
      }),
    )
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: 'app' }),
    )
    const ClientId = UserPoolClient?.ClientId
    await client.send(
      new SignUpCommand({
        ClientId,
        Username: 'ada',
        Password: password,
        UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
      }),
    )
    const [, ConfirmationCode] = await server.heard(
      /CustomEmailSender_SignUp to ada@example\.com (\d{6})/,
      'stderr',
    )
    await client.send(new ConfirmSignUpCommand({ ClientId, Username: 'ada', ConfirmationCode }))
    assert.deepEqual(await server.end(), { code: 0, signal: null })
  })
})

const key = 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357'
