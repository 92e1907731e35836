import { z } from 'zod'
import type { Prompt, Turn } from '../completion.ts'
import { named, some, tokenLimit } from '../content.ts'

const part = z.looseObject({
  text: z.string().optional(),
  inlineData: z.looseObject({ mimeType: z.string(), data: z.base64() }).optional(),
  fileData: z.looseObject({ fileUri: z.string() }).optional(),
  functionResponse: named.optional(),
})

/** Content without a role is the user's, or nobody's. */
export const content = z.looseObject({
  role: z.enum(['user', 'model']).optional(),
  parts: some(part),
})

type Content = z.infer<typeof content>

const config = z.looseObject({
  maxOutputTokens: tokenLimit,
  responseSchema: z.unknown().optional(),
  responseJsonSchema: z.unknown().optional(),
})

/** https://ai.google.dev/api/generate-content, as far as an answer depends on it. */
export const generateRequest = z.looseObject({
  contents: some(content),
  systemInstruction: content.optional(),
  tools: z.array(z.looseObject({ functionDeclarations: z.array(named).optional() })).optional(),
  generationConfig: config.optional(),
})

export type GenerateRequest = z.infer<typeof generateRequest>

export const toPrompt = (request: GenerateRequest): Prompt => {
  const { contents, systemInstruction, tools = [], generationConfig } = request
  const system = systemInstruction ? [systemInstruction] : []
  return {
    turns: [
      ...system.map((entry): Turn => ({ role: 'system', text: textOf(entry), images: 0 })),
      ...contents.map(toTurn),
    ],
    tools: tools.flatMap((tool) => tool.functionDeclarations ?? []).map(({ name }) => name),
    schema: generationConfig?.responseJsonSchema ?? generationConfig?.responseSchema,
    maxTokens: generationConfig?.maxOutputTokens,
  }
}

export const textOf = ({ parts }: Content): string => parts.map(({ text }) => text ?? '').join('')

/** What a tool gave comes as a part of the user's. */
export const toTurn = (entry: Content): Turn => {
  const results = entry.parts.flatMap(({ functionResponse }) => functionResponse ?? [])
  if (results.length > 0) {
    const text = results.map(({ response }) => JSON.stringify(response)).join('')
    return { role: 'tool', text, images: 0 }
  }
  const images = entry.parts.filter(({ inlineData, fileData }) => inlineData ?? fileData).length
  return { role: entry.role === 'model' ? 'assistant' : 'user', text: textOf(entry), images }
}
