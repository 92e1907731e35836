import { hashCallId } from '../../chat/call-id.ts'

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html */
const VALID = /^[a-zA-Z0-9_-]{1,64}$/

/** The id of a call as Claude's APIs take it; another model may have made one that they do not. */
export const toToolUseId = (id: string): string => (VALID.test(id) ? id : hashCallId(id))
