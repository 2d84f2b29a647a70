import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AddCustomAttributesCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  DeleteUserPoolCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributesIn, createClient, createPool, refusal, smsConfiguration } from '../../../test/fixtures.ts'
import { onEachStore, type TestServer } from '../../../test/harness.ts'
import {
  columns,
  countsOf,
  createImportPool,
  createJob,
  csv,
  describeJob,
  importFile,
  line,
  logOf,
  type Person,
  person,
  run,
  startJob,
  upload,
} from '../../../test/imports.ts'
import { functionArnOf } from '../../../test/trigger-functions.ts'
import { minutes } from '../../lib/instant.ts'

const unverified =
  'The User Record does not set any of the auto verified attributes to verified. (Example: email_verified to true).'

describe('StartUserImportJob', () => {
  onEachStore((server) => {
    const ready = async (people: readonly Person[] = [person('ada')]) => {
      const UserPoolId = await createImportPool(server())
      const job = await createJob(server(), UserPoolId)
      await upload(server(), job.PreSignedUrl, csv(people))
      return { ...job, UserPoolId }
    }

    test('imports the users of the file, and says so', async () => {
      const { UserPoolId, JobId } = await ready([person('ada'), person('bob', { email_verified: 'false' })])
      const pending = await startJob(server(), UserPoolId, JobId)
      assert.equal(pending?.Status, 'Pending')
      assert.deepEqual(pending?.StartDate, new Date(server().clock.now))
      assert.equal(pending?.CompletionDate, undefined)
      server().clock.now += minutes(1)
      await run(server())
      const job = await describeJob(server(), UserPoolId, JobId)
      assert.deepEqual(countsOf(job), {
        Status: 'Succeeded',
        ImportedUsers: 1,
        SkippedUsers: 0,
        FailedUsers: 1,
      })
      assert.equal(job.CompletionMessage, 'Import Job Completed Successfully.')
      assert.deepEqual(job.CompletionDate, new Date(server().clock.now))
      assert.deepEqual(await logOf(server(), UserPoolId, JobId), [
        `[FAILED] Line Number 3 - ${unverified}`,
        '[Succeeded] 1 imported, 0 skipped, 1 failed. Import Job Completed Successfully.',
      ])
    })

    test('with every attribute as the file has it', async () => {
      const UserPoolId = await createImportPool(server())
      const given: Person = {
        name: 'Ada, Countess of Lovelace',
        given_name: 'Ada',
        family_name: 'King "Byron"',
        nickname: 'back\\slash',
        email: 'ada@example.com',
        email_verified: 'TRUE',
        birthdate: '12/10/1815',
        phone_number: '+15555550123',
        phone_number_verified: 'False',
        address: "12 St James's Square, London",
        updated_at: '1471453471',
        website: 'https://example.com/é😀',
      }
      const file = csv([{ ...given, 'cognito:username': 'ada', gender: '  f  ' }])
      assert.equal((await importFile(server(), UserPoolId, file)).job.ImportedUsers, 1)
      const user = await server().client.send(new AdminGetUserCommand({ UserPoolId, Username: 'ada' }))
      const { sub, ...attributes } = attributesIn(user.UserAttributes)
      assert.deepEqual(attributes, {
        ...given,
        gender: 'f',
        email_verified: 'true',
        phone_number_verified: 'false',
      })
      assert.equal(user.UserStatus, 'RESET_REQUIRED')
      assert.equal(user.Enabled, true)
      assert.deepEqual(user.UserCreateDate, new Date(server().clock.now))
      assert.deepEqual(await server().sent(), [])
    })

    test('no trigger hears of it', async () => {
      server().functions.define({ everything: () => assert.fail('a trigger was run') })
      const arn = functionArnOf('everything')
      const UserPoolId = await createImportPool(server(), {
        LambdaConfig: { PreSignUp: arn, PostConfirmation: arn, UserMigration: arn, CustomMessage: arn },
      })
      const { job } = await importFile(server(), UserPoolId, csv([person('ada')]))
      assert.equal(job.ImportedUsers, 1)
      assert.deepEqual(server().functions.events(), [])
    })

    test('an imported user is asked for a new password, or told nothing', async () => {
      const UserPoolId = await createImportPool(server())
      await importFile(server(), UserPoolId, csv([person('ada')]))
      for (const [PreventUserExistenceErrors, expected] of [
        ['LEGACY', refusal('PasswordResetRequiredException', 'Password reset required for the user')],
        ['ENABLED', refusal('NotAuthorizedException', 'Incorrect username or password.')],
      ] as const) {
        const { ClientId } = await createClient(server(), UserPoolId, { PreventUserExistenceErrors })
        await assert.rejects(
          server().client.send(
            new AdminInitiateAuthCommand({
              UserPoolId,
              ClientId,
              AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
              AuthParameters: { USERNAME: 'ada', PASSWORD: 'whatever' },
            }),
          ),
          expected,
        )
      }
    })

    test('who can sign in by a code is confirmed', async () => {
      const UserPoolId = await createImportPool(server(), {
        MfaConfiguration: 'OFF',
        AutoVerifiedAttributes: ['email', 'phone_number'],
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
      })
      const onlyPhone = {
        'cognito:username': 'bob',
        phone_number: '+15555550123',
        phone_number_verified: 'true',
      }
      await importFile(server(), UserPoolId, csv([person('ada'), onlyPhone]))
      assert.deepEqual(await statuses(server(), UserPoolId, ['ada', 'bob']), ['CONFIRMED', 'RESET_REQUIRED'])
    })

    test('who is there already is skipped: by name, by alias, and twice in the file', async () => {
      const UserPoolId = await createImportPool(server(), { AliasAttributes: ['email'] })
      await importFile(server(), UserPoolId, csv([person('ada')]))
      const { job, log } = await importFile(
        server(),
        UserPoolId,
        csv([
          person('ada', { email: 'new@example.com' }),
          person('eve', { email: 'ada@example.com' }),
          person('kim'),
          person('kim', { email: 'other@example.com' }),
          person('lea', { email: 'kim@example.com' }),
          person('max'),
        ]),
      )
      assert.deepEqual(log.slice(0, -1), [
        '[SKIPPED] Line Number 2 - The user already exists.',
        '[SKIPPED] Line Number 3 - The user already exists.',
        '[SKIPPED] Line Number 5 - The user already exists.',
        '[SKIPPED] Line Number 6 - The user already exists.',
      ])
      assert.deepEqual(countsOf(job), {
        Status: 'Failed',
        ImportedUsers: 2,
        SkippedUsers: 4,
        FailedUsers: 0,
      })
      assert.equal(job.CompletionMessage, 'Too many users have failed or been skipped during the import.')
    })

    test('where addresses are the usernames they are given a username', async () => {
      const UserPoolId = await createImportPool(server(), { UsernameAttributes: ['email'] })
      const { job, log } = await importFile(
        server(),
        UserPoolId,
        csv([
          { 'cognito:username': 'ada@example.com', email_verified: 'true' },
          person('bob', { email: '' }),
          { 'cognito:username': 'kim@example.com', email_verified: 'true' },
        ]),
      )
      assert.deepEqual(log.slice(0, -1), ['[FAILED] Line Number 3 - Username should be an email.'])
      assert.equal(job.ImportedUsers, 2)
      const user = await server().client.send(
        new AdminGetUserCommand({ UserPoolId, Username: 'ada@example.com' }),
      )
      assert.equal(user.Username, attributesIn(user.UserAttributes).sub)
    })

    test('what is wrong with a row is in the log, and stops nothing', async () => {
      const UserPoolId = await createImportPool(server(), {
        MfaConfiguration: 'OFF',
        AliasAttributes: ['email'],
        Schema: [
          { Name: 'given_name', Required: true, Mutable: true },
          { Name: 'limited', AttributeDataType: 'String', StringAttributeConstraints: { MaxLength: '3' } },
        ],
      })
      const header = columns.toSpliced(-3, 0, 'custom:limited')
      const whole = (name: string, over: Person = {}) => person(name, { given_name: 'G', ...over })
      const rows: [what: string, text: string, reason: string | undefined][] = [
        ['nothing', line(whole('ada'), header), undefined],
        [
          'a value too few',
          line(whole('a1'), header).slice(1),
          'The row has 22 values and the header 23 columns.',
        ],
        [
          'a comma too many',
          `${line(whole('a2'), header)},`,
          'The row has 24 values and the header 23 columns.',
        ],
        [
          'too long',
          line(whole('a3', { address: 'x'.repeat(16_000) }), header),
          'The row is longer than 16000 characters.',
        ],
        ['no name', line(whole(''), header), 'cognito:username is required.'],
        ['a space in it', line(whole('a b'), header), 'cognito:username is not a valid username.'],
        [
          'a name too long',
          line(whole('n'.repeat(129)), header),
          'cognito:username is not a valid username.',
        ],
        [
          'an address for a name',
          line(whole('x@y.z'), header),
          'Username cannot be of email format, since user pool is configured for email alias.',
        ],
        [
          'a date as elsewhere',
          line(whole('a4', { birthdate: '1815-12-10' }), header),
          'birthdate must be in the format mm/dd/yyyy.',
        ],
        [
          'a day that never was',
          line(whole('a5', { birthdate: '02/30/2001' }), header),
          'birthdate must be in the format mm/dd/yyyy.',
        ],
        [
          'no epoch',
          line(whole('a6', { updated_at: '1.5' }), header),
          'updated_at must be a number of seconds since 1970.',
        ],
        [
          'no boolean',
          line(whole('a7', { phone_number_verified: 'yes' }), header),
          'Attributes did not conform to the schema: phone_number_verified: Attribute value is not a boolean',
        ],
        [
          'a verified number that is none',
          line(whole('a8', { phone_number_verified: 'true' }), header),
          'phone_number is required when phone_number_verified is true.',
        ],
        ['no address', line(whole('a9', { email: 'nobody' }), header), 'Invalid email address format.'],
        [
          'required',
          line(person('b1'), header),
          'Attributes did not conform to the schema: given_name: The attribute is required',
        ],
        [
          'against the schema',
          line(whole('b2', { 'custom:limited': 'four', birthdate: '1' }), header),
          'Attributes did not conform to the schema: birthdate: String must be longer than or equal to 10 characters; custom:limited: String must be no longer than 3 characters',
        ],
        ['unverified', line(whole('b3', { email_verified: '' }), header), unverified],
        [
          'MFA where there is none',
          line(whole('b4', { 'cognito:mfa_enabled': 'true' }), header),
          'cognito:mfa_enabled must be false or blank: the user pool has no MFA.',
        ],
        [
          'MFA perhaps',
          line(whole('b5', { 'cognito:mfa_enabled': 'maybe' }), header),
          'cognito:mfa_enabled must be true, false or blank.',
        ],
        [
          'a hash of nothing',
          line(whole('b6', { password_hash: 'x' }), header),
          'password_hash has a value, and the job names no password hashing algorithm.',
        ],
        [
          'a zero',
          line(whole('b7', { address: 'a\0b' }), header),
          'Attributes did not conform to the schema: address: Attribute value has a character that cannot be stored',
        ],
        ['nothing again', line(whole('zoe'), header), undefined],
      ]
      const file = [header.join(','), ...rows.map(([, text]) => text)].join('\r\n')
      const { job, log } = await importFile(server(), UserPoolId, file)
      const expected = rows.flatMap(([, , reason], index) =>
        reason === undefined ? [] : [`[FAILED] Line Number ${index + 2} - ${reason}`],
      )
      assert.deepEqual(log.slice(0, -1), expected)
      assert.equal(job.ImportedUsers, 2)
    })

    test('MFA is as the file says, where a user may choose', async () => {
      const people = [
        person('yes', { 'cognito:mfa_enabled': 'TRUE', phone_number: '+15555550123' }),
        person('no', { 'cognito:mfa_enabled': 'false', phone_number: '+15555550123' }),
        person('any', { phone_number: '+15555550123' }),
      ]
      const options = async (UserPoolId: string, Username: string) =>
        (await server().client.send(new AdminGetUserCommand({ UserPoolId, Username }))).MFAOptions
      const optional = await createImportPool(server())
      await importFile(server(), optional, csv(people))
      assert.deepEqual(await options(optional, 'yes'), [
        { DeliveryMedium: 'SMS', AttributeName: 'phone_number' },
      ])
      assert.equal(await options(optional, 'no'), undefined)
      assert.equal(await options(optional, 'any'), undefined)
      const required = await createImportPool(server(), {
        MfaConfiguration: 'ON',
        SmsConfiguration: smsConfiguration,
      })
      const { log } = await importFile(server(), required, csv(people))
      assert.deepEqual(log.slice(0, -1), [
        '[FAILED] Line Number 3 - cognito:mfa_enabled must be true or blank: the user pool requires MFA.',
      ])
    })

    test('in any order of columns, with and without that of hashes', async () => {
      const UserPoolId = await createImportPool(server())
      const shuffled = columns.filter((name) => name !== 'password_hash').toReversed()
      const { job } = await importFile(server(), UserPoolId, csv([person('ada')], shuffled))
      assert.equal(job.Status, 'Succeeded')
      assert.equal(job.ImportedUsers, 1)
    })

    test('a file that is none fails as a whole', async () => {
      const UserPoolId = await createImportPool(server())
      const without = columns.filter((name) => name !== 'gender')
      const rows: [what: string, file: string | Uint8Array<ArrayBuffer>, message: string][] = [
        ['empty', '', 'The CSV file has no header.'],
        [
          'a column missing',
          csv([person('ada')], without),
          'The header of the CSV file lacks the column gender.',
        ],
        [
          'one too many',
          csv([person('ada')], [...columns, 'shoe']),
          'The header of the CSV file has an unknown column.',
        ],
        [
          'one twice',
          csv([person('ada')], [...columns, 'name']),
          'The header of the CSV file names a column twice.',
        ],
        ['a first line without end', 'x'.repeat(20_000), 'The CSV file has no header.'],
        [
          'not text',
          Uint8Array.from([...Buffer.from(csv([person('ada')])), 0xff, 0xfe, 0x0a]),
          'The CSV file is not in UTF-8.',
        ],
      ]
      for (const [what, file, message] of rows) {
        const { job, log } = await importFile(server(), UserPoolId, file)
        assert.deepEqual([job.Status, job.CompletionMessage, job.ImportedUsers], ['Failed', message, 0], what)
        assert.deepEqual(log, [`[Failed] 0 imported, 0 skipped, 0 failed. ${message}`])
      }
    })

    describe('is refused', () => {
      const notMet = (message: string) => refusal('PreconditionNotMetException', message)

      test('for a job that is not there', async () => {
        const UserPoolId = await createImportPool(server())
        await assert.rejects(
          startJob(server(), UserPoolId, 'import-none'),
          refusal('ResourceNotFoundException', 'User import job import-none does not exist.'),
        )
      })

      test('without a file', async () => {
        const UserPoolId = await createImportPool(server())
        const { JobId } = await createJob(server(), UserPoolId)
        await assert.rejects(
          startJob(server(), UserPoolId, JobId),
          notMet(`No csv file was uploaded for ${JobId}`),
        )
      })

      test('a second time', async () => {
        const { UserPoolId, JobId } = await ready()
        await startJob(server(), UserPoolId, JobId)
        await assert.rejects(
          startJob(server(), UserPoolId, JobId),
          notMet(`User import job ${JobId} cannot be started. Status is Pending`),
        )
        await run(server())
        await assert.rejects(
          startJob(server(), UserPoolId, JobId),
          notMet(`User import job ${JobId} cannot be started. Status is Succeeded`),
        )
      })

      test('beside another one in the account', async () => {
        const one = await ready()
        const two = await ready()
        await startJob(server(), one.UserPoolId, one.JobId)
        await assert.rejects(
          startJob(server(), two.UserPoolId, two.JobId),
          notMet('Only one user import job can be active at a time per account.'),
        )
        await run(server())
        assert.equal((await startJob(server(), two.UserPoolId, two.JobId))?.Status, 'Pending')
        await run(server())
      })

      test('in a pool that verifies nothing', async () => {
        const UserPoolId = await createPool(server())
        const { JobId, PreSignedUrl } = await createJob(server(), UserPoolId)
        await upload(server(), PreSignedUrl, csv([person('ada')]))
        await assert.rejects(
          startJob(server(), UserPoolId, JobId),
          notMet(`User pool ${UserPoolId} has no auto verified attributes, and users cannot be imported.`),
        )
      })
    })

    test('while it is under way the pool is not changed', async () => {
      const { UserPoolId, JobId } = await ready()
      await startJob(server(), UserPoolId, JobId)
      const CustomAttributes = [{ Name: 'x', AttributeDataType: 'String' } as const]
      const refused = refusal(
        'UserImportInProgressException',
        `User pool ${UserPoolId} cannot be changed while a user import job is in progress.`,
      )
      const { client } = server()
      await assert.rejects(client.send(new UpdateUserPoolCommand({ UserPoolId })), refused)
      await assert.rejects(
        client.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes })),
        refused,
      )
      await assert.rejects(client.send(new DeleteUserPoolCommand({ UserPoolId })), refused)
      await run(server())
      await client.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes }))
      await client.send(new DeleteUserPoolCommand({ UserPoolId }))
    })
  })
})

async function statuses(server: TestServer, UserPoolId: string, names: readonly string[]) {
  const users = await Promise.all(
    names.map((Username) => server.client.send(new AdminGetUserCommand({ UserPoolId, Username }))),
  )
  return users.map(({ UserStatus }) => UserStatus)
}
