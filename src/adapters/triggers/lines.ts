import type { Readable } from 'node:stream'

const longest = 64 * 1024
/** Who prints without end is read this much a second: what is printed costs the reader's event loop. */
const budget = 4 * 1024 * 1024

/** Hands out what a stream brings line by line, the last one too when it has no end. */
export function eachLine(stream: Readable, tell: (line: string) => void): void {
  let rest = ''
  let spent = 0
  const renew = () => {
    spent = 0
    stream.resume()
  }
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) tell(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (rest.length > longest) {
      tell(rest)
      rest = ''
    }
    if (spent === 0) setTimeout(renew, 1000).unref()
    spent += text.length
    if (spent > budget) stream.pause()
  })
  stream.on('end', () => {
    if (rest !== '') tell(rest)
  })
  // A process that is killed may tear its pipe.
  stream.on('error', () => {})
}
