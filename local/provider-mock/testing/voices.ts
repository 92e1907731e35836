import { anthropic } from './anthropic-voice.ts'
import { bedrock } from './bedrock-voice.ts'
import { cohere } from './cohere-voice.ts'
import { gemini } from './gemini-voice.ts'
import { openai, responses } from './openai-voice.ts'
import type { Voice } from './voice.ts'

/** All ways to talk to the mock. */
export const VOICES: readonly Voice[] = [openai, responses, anthropic, gemini, bedrock, cohere]
