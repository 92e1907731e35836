import { createHash } from 'node:crypto'

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html */
const VALID = /^[a-zA-Z0-9_-]{1,64}$/
const HASH_CHARACTERS = 32

/** The id of a call as Bedrock takes it; another model may have made one that it does not. */
export const toToolUseId = (id: string): string => {
  if (VALID.test(id)) return id
  return `call_${createHash('sha256').update(id).digest('hex').slice(0, HASH_CHARACTERS)}`
}
