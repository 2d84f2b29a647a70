import { destination, pino } from 'pino'
import type { Journal } from '../../ports/journal.ts'

/** JSON lines on standard error; standard output belongs to the ready line. */
export function pinoJournal(level: string): Journal {
  const logger = pino({ level, base: null, errorKey: 'error' }, destination({ fd: 2, sync: true }))
  return {
    info: (event, facts) => logger.info(facts ?? {}, event),
    warn: (event, facts) => logger.warn(facts ?? {}, event),
    error: (event, facts) => logger.error(facts ?? {}, event),
  }
}
