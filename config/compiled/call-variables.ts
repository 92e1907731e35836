/** What conditions on a call of a model see, and the CEL type of each. */
export const CALL_VARIABLES = {
  caller: { name: 'string', team: 'string', tenant: 'string' },
  /** By name in lower case; those that show who calls are left out. */
  headers: 'map<string, string>',
  /** As the caller names it. */
  model: 'string',
  operation: 'string',
  stream: 'bool',
  /** Of the input, estimated. */
  tokens: 'int',
  /** Most output tokens that are asked for; 0 where nothing is said. */
  maxTokens: 'int',
  hasTools: 'bool',
  hasImages: 'bool',
  /** Whether it holds data of the types that the policy calls sensitive. */
  sensitive: 'bool',
} as const
