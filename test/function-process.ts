/** The server as its users start it, with functions in its data folder that think they are in Lambda. */
import { once } from 'node:events'
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { bundled, type Running, root, sdkAt } from './server-process.ts'

export interface FunctionProcess {
  readonly server: Running
  readonly url: string
  readonly client: CognitoIdentityProviderClient
  /** Where the functions are. */
  readonly folder: string
  readonly remove: () => Promise<void>
}

/** Files of `test/triggers`, with the packages that they import, and what they find in `process.env`. */
export async function serverWith(
  files: readonly string[],
  variablesFor: (url: string, folder: string) => Readonly<Record<string, string>>,
): Promise<FunctionProcess> {
  const bundle = await bundled()
  const data = bundle.newData()
  const folder = join(data, 'triggers')
  await mkdir(folder, { recursive: true })
  for (const file of files) await copyFile(join(import.meta.dirname, 'triggers', file), join(folder, file))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const server = bundle.run(['serve', '--port', '0', '--data', data, '--log-level', 'info'])
  const url = await server.url()
  const variables = Object.entries(variablesFor(url, folder)).map(([name, value]) => `${name}="${value}"\n`)
  await writeFile(join(folder, '.env'), variables.join(''))
  return { server, url, client: sdkAt(url), folder, remove: bundle.remove }
}

export interface Mail {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** As much of Amazon SES as a function needs to send a mail. */
export async function mailService() {
  const box: Mail[] = []
  const service = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { FromEmailAddress, Destination, Content } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    box.push({
      from: FromEmailAddress,
      to: Destination.ToAddresses.join(),
      subject: Content.Simple.Subject.Data,
      text: Content.Simple.Body.Text.Data,
    })
    response.setHeader('content-type', 'application/json').end('{"MessageId":"1"}')
    service.emit('mail')
  }).listen(0, '127.0.0.1')
  await once(service, 'listening')
  const endpoint = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  return {
    /** How an AWS SDK finds it, and the one address that it sends from. */
    variables: {
      AWS_ENDPOINT_URL_SESV2: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      MAIL_FROM: 'no-reply@example.com',
    },
    /** The oldest mail that nobody has taken yet, once there is one. */
    async next(): Promise<Mail> {
      for (;;) {
        const mail = box.shift()
        if (mail !== undefined) return mail
        await once(service, 'mail')
      }
    },
    /** How many nobody has taken. */
    get waiting(): number {
      return box.length
    },
    close() {
      service.closeAllConnections()
      service.close()
    },
  }
}

export type MailService = Awaited<ReturnType<typeof mailService>>
