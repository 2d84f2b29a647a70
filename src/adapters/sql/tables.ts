/**
 * The columns, for Kysely. Text, whole numbers and JSON kept as text are all there is, so that one schema serves both
 * databases; instants are epoch milliseconds. Every key begins with the pool id, so that a hash-sharding PostgreSQL
 * can distribute by pool.
 */
export interface Database {
  /** Facts of the installation itself. */
  installation: {
    name: string
    value: string
  }
  pools: {
    id: string
    region: string
    name: string
    created_at: number
    modified_at: number
    version: number
    schema: string
    identity: string
    settings: string
    mfa: string
    tags: string
    /** How sessions are tracked, JSON; null until it is configured. */
    sessions: string | null
  }
  pool_keys: {
    pool_id: string
    use: 'id' | 'access'
    kid: string
    jwk: string
    sealed_private_key: string
  }
  clients: {
    pool_id: string
    id: string
    created_at: number
    modified_at: number
    version: number
    secrets: string
    settings: string
    sso_minutes: number | null
  }
  /** Which pool a client id belongs to; the one table that is not keyed by pool. */
  client_pools: {
    client_id: string
    pool_id: string
  }
  users: {
    pool_id: string
    username: string
    sub: string
    status: string
    enabled: number
    created_at: number
    modified_at: number
    version: number
    /** JSON, or null for a user who has none. */
    password: string | null
    mfa: string
    signed_out_at: number | null
  }
  user_attributes: {
    pool_id: string
    username: string
    name: string
    value: string
  }
  user_aliases: {
    pool_id: string
    kind: string
    value: string
    username: string
  }
  /** How many users a pool has, in shares by the first digit of their `sub`. */
  user_counts: {
    pool_id: string
    share: string
    users: number
  }
  groups: {
    pool_id: string
    name: string
    created_at: number
    modified_at: number
    version: number
    description: string | null
    role_arn: string | null
    precedence: number | null
  }
  group_members: {
    pool_id: string
    username: string
    group_name: string
  }
  auth_sessions: {
    pool_id: string
    digest: string
    client_id: string
    username: string
    name: string
    challenge: string
    expires_at: number
    started_at: number
    attempts: number
    progress: string
    question: string
  }
  token_sessions: {
    pool_id: string
    id: string
    client_id: string
    username: string
    auth_time: number
    expires_at: number
    revoked_at: number | null
    refresh_digest: string
    scopes: string
    methods: string
    device_key: string | null
    /** Null in sessions that began before their event was kept. */
    event_id: string | null
    /** The four are null in sessions that began while the pool did not track them. */
    session_id: string | null
    origin_session_id: string | null
    last_active_at: number | null
    record: string | null
  }
  /** Sign-ins to managed login, while the pool tracks sessions. */
  sso_sessions: {
    pool_id: string
    id: string
    client_id: string
    username: string
    last_active_at: number
    expires_at: number
    record: string
  }
  /** Refresh tokens that rotation has replaced. */
  retired_tokens: {
    pool_id: string
    digest: string
    session_id: string
    retired_at: number
    grace_until: number
    /** The refresh token that replaced it, sealed. */
    successor: string
    expires_at: number
  }
  codes: {
    pool_id: string
    username: string
    purpose: string
    digest: string
    expires_at: number
    value: string | null
  }
  failures: {
    pool_id: string
    name: string
    count: number
    last_at: number
  }
  quotas: {
    pool_id: string
    subject: string
    since: number
    count: number
  }
  software_tokens: {
    pool_id: string
    username: string
    sealed: string
    device_name: string | null
    last_step: number
  }
  passkeys: {
    pool_id: string
    username: string
    id: string
    facts: string
    counter: number
  }
  devices: {
    pool_id: string
    username: string
    key: string
    /** 1 from ConfirmDevice on. */
    confirmed: number
    facts: string
  }
  password_history: {
    pool_id: string
    username: string
    set_at: number
    password: string
  }
  auth_events: {
    pool_id: string
    username: string
    id: string
    at: number
    expires_at: number
    facts: string
  }
  messages: {
    pool_id: string
    id: string
    created_at: number
    medium: string
    recipient: string
    /** Subject, body and code, sealed. */
    sealed: string
  }
}
