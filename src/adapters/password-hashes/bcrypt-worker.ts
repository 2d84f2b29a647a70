/** The thread that computes bcrypt. In: questions. Out: their hashes, in order. */
import { parentPort } from 'node:worker_threads'
import { type BcryptQuestion, bcrypt } from './bcrypt.ts'

if (!parentPort) throw new Error('bcrypt-worker is for worker_threads only')
const port = parentPort

port.on('message', (question: BcryptQuestion) => port.postMessage(bcrypt(question)))
