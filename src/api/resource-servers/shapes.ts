import type { ResourceServer as ServerFacts } from '../../domain/resource-server.ts'
import { pattern } from '../../protocol/pattern.ts'
import { list, type Output, oneOf, required, string, struct } from '../../protocol/shape.ts'
import { UserPoolId } from '../shapes.ts'

export const Identifier = string({ min: 1, max: 256, pattern: pattern('[\\x21\\x23-\\x5B\\x5D-\\x7E]+') })
export const Name = string({ min: 1, max: 256, pattern: pattern('[\\w\\s+=,.@-]+') })
export const Scopes = list(
  struct({
    ScopeName: required(
      string({ min: 1, max: 256, pattern: pattern('[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+') }),
    ),
    ScopeDescription: required(string({ min: 1, max: 256 })),
  }),
  { max: 100 },
)

export const ResourceServer = struct({ UserPoolId, Identifier, Name, Scopes, ManagedBy: oneOf('COGNITO') })

export function shownServer(server: ServerFacts): Output<typeof ResourceServer> {
  return {
    UserPoolId: server.poolId,
    Identifier: server.identifier,
    Name: server.name,
    Scopes: server.scopes,
    ManagedBy: server.managed && 'COGNITO',
  }
}
