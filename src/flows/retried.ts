import { StaleRow } from '../ports/store.ts'

const mostTries = 10

/** Again, on fresh rows, what lost a race. Functions that were asked are asked again. @throws StaleRow after many tries */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StaleRow) || attempt === mostTries) throw error
    }
  }
}
