/** `after` is the key of the last item of the page before; a page that is full may have another behind it. */
export interface PageRequest {
  readonly after?: string
  readonly limit: number
}
