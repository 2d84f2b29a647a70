import type { Generated } from 'kysely'
import type { ReplicaStatus } from '../../domain/pool.ts'

/**
 * The columns, for Kysely. Text, whole numbers and JSON kept as text are all there is, so that one schema serves both
 * databases; instants are epoch milliseconds. Every key begins with the pool id, so that a hash-sharding PostgreSQL
 * can distribute by pool; the two look-ups by a name that must be unique everywhere cannot, and say so.
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
    /** What the dearest imported password hash costs, JSON; null where none was imported. */
    imported_hash: string | null
    /** Where logs go, JSON; null until it is configured. */
    logs: string | null
  }
  /** Pools in a second region, with what is of that region alone. */
  replicas: {
    pool_id: string
    region: string
    status: ReplicaStatus
    created_at: number
    modified_at: number
    version: number
    settings: string
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
    sso_minutes: number | null
  }
  /** Which pool a client id belongs to; with `domains`, one of two tables that are not keyed by pool. */
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
  brandings: {
    pool_id: string
    client_id: string
    id: string
    created_at: number
    modified_at: number
    version: number
    /** JSON, or null for a style that takes the default as it is. */
    settings: string | null
  }
  branding_assets: {
    pool_id: string
    client_id: string
    category: string
    color_mode: string
    /** Empty where none is named: it is part of the key. */
    resource_id: string
    extension: string
    /** In base64. */
    bytes: string | null
  }
  terms: {
    pool_id: string
    id: string
    client_id: string
    name: string
    created_at: number
    modified_at: number
    version: number
    links: string
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
    /** 1 in those that the OAuth endpoints began. */
    oauth: number | null
  }
  authorization_codes: {
    pool_id: string
    digest: string
    expires_at: number
    facts: string
  }
  used_assertions: {
    pool_id: string
    digest: string
    expires_at: number
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
    /** 1 where the user is known to have been. */
    trusted: number
    facts: string
  }
  /** How threat protection reacts, of the pool or of one of its clients. */
  risk_configurations: {
    pool_id: string
    /** Empty for the pool itself. */
    client_id: string
    modified_at: number
    facts: string
  }
  resource_servers: {
    pool_id: string
    identifier: string
    facts: string
  }
  /**
   * Keyed by the whole name, since no two pools have the same and a request for a page names nothing else. As with
   * `client_pools`, that is a look-up; what it finds is of one pool.
   */
  domains: {
    host: string
    pool_id: string
    region: string
    /** Which of a region's few custom domains; null for a prefix. */
    slot: number | null
    version: number
    facts: string
  }
  ui_customizations: {
    pool_id: string
    /** An app client, or ALL. */
    client_id: string
    /** The logo among them, in base64. */
    facts: string
  }
  import_jobs: {
    pool_id: string
    id: string
    created_at: number
    status: string
    version: number
    facts: string
  }
  import_chunks: {
    pool_id: string
    job_id: string
    upload: string
    number: number
    sealed: string
  }
  import_lines: {
    pool_id: string
    job_id: string
    line: number
    outcome: 'SKIPPED' | 'FAILED'
    text: string
  }
  /** One row an account, and so not keyed by pool: that an account imports once at a time is what it is for. */
  running_imports: {
    account: string
    pool_id: string
    job_id: string
    node: string
    leased_until: number
  }
  identity_providers: {
    pool_id: string
    name: string
    type: string
    created_at: number
    modified_at: number
    version: number
    facts: string
    /** Client secret or private key, sealed. */
    sealed_secrets: string | null
  }
  provider_identifiers: {
    pool_id: string
    identifier: string
    provider: string
  }
  linked_identities: {
    pool_id: string
    provider: string
    attribute: string
    value: string
    username: string
  }
  pool_certificates: {
    pool_id: string
    use: 'signing' | 'encryption'
    certificate: string
    sealed_private_key: string
  }
  messages: {
    pool_id: string
    id: string
    created_at: number
    medium: string
    recipient: string
    /** Subject, body and code, sealed. */
    sealed: string
    due_at: number | null
    failures: Generated<number>
    failure: string | null
  }
}
