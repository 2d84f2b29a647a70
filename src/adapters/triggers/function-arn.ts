/** A function's ARN in its parts. The name holds no dot and no slash, so it is safe as a file's name. */
export interface FunctionArn {
  /** Without the alias or version. */
  readonly unqualified: string
  readonly name: string
  /** `$LATEST` also where an alias is named: which version it stands for is not known here. */
  readonly version: string
}

const pattern =
  /^(arn:aws[\w-]*:lambda:[a-z0-9-]+:\d{12}:function:([\w-]{1,64}))(?::(\$LATEST|[\w-]{1,128}))?$/

export function functionArn(text: string): FunctionArn | undefined {
  const [, unqualified, name, qualifier = '$LATEST'] = pattern.exec(text) ?? []
  if (unqualified === undefined || name === undefined) return undefined
  return { unqualified, name, version: /^\d+$/.test(qualifier) ? qualifier : '$LATEST' }
}
