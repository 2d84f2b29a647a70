const { buildClient, CommitmentPolicy, KmsKeyringNode } = require('@aws-crypto/client-node')
const { SESv2Client, SendEmailCommand } = require('@aws-sdk/client-sesv2')

const { decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)
const keyring = new KmsKeyringNode({
  generatorKeyId: process.env.KEY_ALIAS,
  keyIds: [process.env.KEY_ARN],
})
const ses = new SESv2Client()

/** CustomEmailSender: mails the code, which only whoever may use the key can read. */
exports.handler = async (event) => {
  const { code, userAttributes } = event.request
  if (!code) return
  const { plaintext, messageHeader } = await decrypt(keyring, Buffer.from(code, 'base64'))
  const { 'userpool-id': pool } = messageHeader.encryptionContext
  if (pool !== event.userPoolId) throw new Error('The code of another pool')
  await ses.send(
    new SendEmailCommand({
      FromEmailAddress: process.env.MAIL_FROM,
      Destination: { ToAddresses: [userAttributes.email] },
      Content: {
        Simple: {
          Subject: { Data: event.triggerSource },
          Body: { Text: { Data: `Your code: ${plaintext.toString()}` } },
        },
      },
    }),
  )
}
