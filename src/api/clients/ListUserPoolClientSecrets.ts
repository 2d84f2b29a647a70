import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { list, required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, PageKey, UserPoolId } from '../shapes.ts'
import { ClientSecretDescriptor } from './shapes.ts'

export default operation('ListUserPoolClientSecrets', {
  doc: "Lists an app client's secrets, without what they are.",
  access: iamOnClient,
  input: struct({ UserPoolId: required(UserPoolId), ClientId: required(ClientId), NextToken: PageKey }),
  output: struct({ ClientSecrets: list(ClientSecretDescriptor), NextToken: PageKey }),
  faults: ['InvalidParameter'],
  async run({ client, input, vault }) {
    const { items } = await pageOf(
      vault,
      `client secrets ${client.id}`,
      input.NextToken,
      client.secrets.length,
      {
        load: async () => [...client.secrets],
        key: (secret) => secret.id,
      },
    )
    return {
      ClientSecrets: items.map(({ id, createdAt }) => ({
        ClientSecretId: id,
        ClientSecretCreateDate: createdAt,
      })),
    }
  },
})
