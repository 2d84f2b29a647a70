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
  auth_sessions: {
    pool_id: string
    digest: string
    client_id: string
    username: string
    challenge: string
    expires_at: number
    started_at: number
    code_digest: string | null
    offered: string | null
    attempts: number
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
