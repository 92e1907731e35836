type Method = 'generateContent' | 'streamGenerateContent' | 'countTokens' | 'batchEmbedContents'

/** The path of a method of a model, as https://ai.google.dev/api has it. */
export const toPath = (model: string, method: Method): string =>
  `/v1beta/models/${encodeURIComponent(model)}:${method}`

/** The model as it is named within a body. */
export const toResourceName = (model: string): string => `models/${model}`
