import type { Terminal } from './terminal.ts'

export interface InboxOptions {
  readonly url: string
  readonly userPoolId?: string
  readonly to?: string
  readonly wait?: string
  readonly clear?: boolean
}

interface Listed {
  readonly medium: string
  readonly to: string
  readonly subject?: string
  readonly body: string
  readonly createdAt: string
}

/** `cognate inbox`: the messages that a running server has sent, newest first. */
export async function runInbox(terminal: Terminal, options: InboxOptions): Promise<void> {
  const url = new URL('/_cognate/inbox', options.url)
  for (const name of ['userPoolId', 'to', 'wait'] as const) {
    const value = options[name]
    if (value !== undefined) url.searchParams.set(name, value)
  }
  let response: Response
  try {
    response = await fetch(url, { method: options.clear ? 'DELETE' : 'GET' })
  } catch {
    terminal.error(`cognate: no server answers at ${options.url}`)
    terminal.exit(1)
    return
  }
  if (!response.ok) {
    terminal.error(
      `cognate: ${response.status === 404 ? 'this server serves no inbox' : await response.text()}`,
    )
    terminal.exit(1)
    return
  }
  if (options.clear) {
    const { cleared } = (await response.json()) as { cleared: number }
    terminal.print(`${cleared} messages cleared`)
    return
  }
  const { messages } = (await response.json()) as { messages: Listed[] }
  if (messages.length === 0) terminal.print('The inbox is empty.')
  for (const { medium, to, subject, body, createdAt } of messages) {
    terminal.print(`${createdAt}  ${medium}  ${to}${subject === undefined ? '' : `  ${subject}`}`)
    terminal.print(`  ${body}`)
  }
}
