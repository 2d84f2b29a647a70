/** The app of a federated sign-in, and what it does with the code that a browser comes back with. */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Claims, Place, Service } from '../clients/service.ts'

export async function listening(listener?: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/** An app of one page, to which its users come back. */
export async function startApp(): Promise<{ server: Server; callback: string }> {
  const { server, port } = await listening((_, response) =>
    response.setHeader('content-type', 'text/html').end('<title>The app</title>Welcome back.'),
  )
  return { server, callback: `http://localhost:${port}/back` }
}

/** What the tokens say that the app gets for the code. */
export async function claimsOf(service: Service, place: Place, callback: string, back: URL): Promise<Claims> {
  const response = await fetch(`${service.url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: place.ClientId,
      redirect_uri: callback,
      code: back.searchParams.get('code') ?? '',
    }),
  })
  const { access_token: AccessToken, id_token: IdToken } = (await response.json()) as Record<string, string>
  return service.verified(place, { AccessToken, IdToken })
}
