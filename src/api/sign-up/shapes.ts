import type { Delivery } from '../../domain/code.ts'
import { pattern } from '../../protocol/pattern.ts'
import { type Output, string, struct } from '../../protocol/shape.ts'
import { AttributeName, DeliveryMedium, Text } from '../shapes.ts'

export const SecretHash = string({ min: 1, max: 128, pattern: pattern('[\\w+=/]+'), sensitive: true })
export const ConfirmationCode = string({ min: 1, max: 2048, pattern: pattern('[\\S]+') })

const unspaced = pattern('[\\S]+')
/** "Omit this parameter or submit a blank value", says AWS's comment, and its pattern asks for something. */
export const OptionalPassword = string({
  max: 256,
  pattern: { source: unspaced.source, matches: (value) => value === '' || unspaced.matches(value) },
  sensitive: true,
})

/** Where a code went. */
export const CodeDeliveryDetails = struct({ Destination: Text, DeliveryMedium, AttributeName })

export function showDelivery({
  attribute,
  medium,
  destination,
}: Delivery): Output<typeof CodeDeliveryDetails> {
  return { Destination: destination, DeliveryMedium: medium, AttributeName: attribute }
}

/** Of operations that send codes by email. */
export const differsInLinks =
  'A pool whose DefaultEmailOption is CONFIRM_WITH_LINK sends links to confirm sign-ups, and codes for everything else: whether AWS sends links there is not known.'
