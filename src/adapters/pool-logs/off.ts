import type { PoolLogs } from '../../ports/pool-logs.ts'

/** Nothing leaves this server. */
export const noPoolLogs: PoolLogs = { put: () => {}, close: async () => {} }
