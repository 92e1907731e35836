/** What a request is matched by. */
export interface RouteRequest {
  readonly method: string
  /** As `normalizeHost` returns it: lower case, no port, no final dot. */
  readonly host: string
  /** As `normalizePath` returns it. */
  readonly path: string
  /** As it came, without `?`. */
  readonly query: string
  /** Lower-case names, as node's `IncomingHttpHeaders`. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

const parseQuery = (query: string): Map<string, string> => {
  const params = new Map<string, string>()
  // The parser drops one `?`: a second one belongs to the first name.
  for (const [name, value] of new URLSearchParams(`?${query}`)) {
    if (!params.has(name)) params.set(name, value)
  }
  return params
}

/** A request during one search: what is costly to read is read on demand, once. */
export class RequestProbe {
  readonly request: RouteRequest
  #params: Map<string, string> | undefined

  constructor(request: RouteRequest) {
    this.request = request
  }

  /** Value of a header by its lower-case name; of one sent several times, all values. */
  header(name: string): string | undefined {
    const value: unknown = this.request.headers[name]
    // The object's own prototype answers to names like `constructor`.
    if (typeof value === 'string') return value
    return Array.isArray(value) ? value.join(', ') : undefined
  }

  /** First value of a query parameter, decoded. */
  queryParam(name: string): string | undefined {
    this.#params ??= parseQuery(this.request.query)
    return this.#params.get(name)
  }
}
