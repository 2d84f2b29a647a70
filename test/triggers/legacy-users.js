const { scryptSync, timingSafeEqual } = require('node:crypto')
const { DatabaseSync } = require('node:sqlite')

const legacy = new DatabaseSync(process.env.LEGACY_DATABASE)
const look = legacy.prepare('select email, salt, hash from users where name = ?')
const note = legacy.prepare('insert into visits (name, source) values (?, ?)')

const matches = ({ salt, hash }, password) =>
  timingSafeEqual(scryptSync(password, salt, hash.length), Buffer.from(hash))

/** UserMigration: whoever is in the table of old, with the password of old or without one that they remember. */
exports.handler = (event, context, callback) => {
  const { userName, triggerSource, request, response } = event
  note.run(userName, triggerSource)
  const user = look.get(userName)
  if (triggerSource === 'UserMigration_Authentication') {
    if (!user || !matches(user, request.password)) return callback('Bad password')
    response.finalUserStatus = 'CONFIRMED'
  } else if (!user) return callback('No such user')
  response.userAttributes = { email: user.email, email_verified: 'true' }
  response.messageAction = 'SUPPRESS'
  context.succeed(event)
}
