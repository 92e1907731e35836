/** How a provider is reached; what is not said here, an AIModelConfig must say. */
export interface AiProvider {
  /** Everything before `/chat/completions`; without it, `spec.endpoint` is required. */
  readonly endpoint?: string
  /** Header that shows the credential, if not `authorization: Bearer`. */
  readonly header?: string
  /** The only name that it takes for the most output tokens of a request; without it, either. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens'
  /** False where it refuses `stream_options`: it tells the usage of a stream unasked, or never. */
  readonly hasStreamOptions?: boolean
  /** Whether it speaks the Responses API too; elsewhere such calls become chat completions. */
  readonly hasResponses?: boolean
  /** The API that it speaks, if not OpenAI's. */
  readonly dialect?: 'Anthropic' | 'Gemini' | 'Bedrock' | 'Cohere'
}

/** What stands in an endpoint for `spec.region`. */
export const REGION = 'REGION'

/**
 * Providers by the name that `spec.provider` takes: public hosts, and servers of one's own. Those
 * without a dialect speak the OpenAI API. As their documentation had it in November 2026.
 */
export const AI_PROVIDERS = {
  OpenAI: {
    endpoint: 'https://api.openai.com/v1',
    maxTokensField: 'max_completion_tokens',
    hasResponses: true,
  },
  OpenAICompatible: {},
  Anthropic: {
    endpoint: 'https://api.anthropic.com',
    header: 'x-api-key',
    dialect: 'Anthropic',
  },
  AnthropicCompatible: { header: 'x-api-key', dialect: 'Anthropic' },
  Bedrock: { endpoint: `https://bedrock-runtime.${REGION}.amazonaws.com`, dialect: 'Bedrock' },
  Cohere: { endpoint: 'https://api.cohere.com', dialect: 'Cohere' },
  Gemini: {
    endpoint: 'https://generativelanguage.googleapis.com',
    header: 'x-goog-api-key',
    dialect: 'Gemini',
  },
  AIHubMix: { endpoint: 'https://aihubmix.com/v1' },
  AzureOpenAI: {
    header: 'api-key',
    maxTokensField: 'max_completion_tokens',
    hasResponses: true,
  },
  Baseten: { endpoint: 'https://inference.baseten.co/v1', maxTokensField: 'max_tokens' },
  BytePlusModelArk: { endpoint: 'https://ark.ap-southeast.bytepluses.com/api/v3' },
  Cerebras: { endpoint: 'https://api.cerebras.ai/v1', maxTokensField: 'max_completion_tokens' },
  Chutes: { endpoint: 'https://llm.chutes.ai/v1', maxTokensField: 'max_tokens' },
  CloudflareWorkersAI: {},
  CoreWeaveWandB: { endpoint: 'https://api.inference.wandb.ai/v1' },
  DashScope: { endpoint: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1' },
  Databricks: { maxTokensField: 'max_tokens' },
  DeepInfra: { endpoint: 'https://api.deepinfra.com/v1/openai', maxTokensField: 'max_tokens' },
  DeepSeek: { endpoint: 'https://api.deepseek.com', maxTokensField: 'max_tokens' },
  DigitalOcean: { endpoint: 'https://inference.do-ai.run/v1' },
  DockerModelRunner: { maxTokensField: 'max_tokens' },
  Featherless: { endpoint: 'https://api.featherless.ai/v1', maxTokensField: 'max_tokens' },
  Fireworks: { endpoint: 'https://api.fireworks.ai/inference/v1' },
  Friendli: { endpoint: 'https://api.friendli.ai/serverless/v1' },
  GMICloud: { endpoint: 'https://api.gmi-serving.com/v1' },
  Groq: { endpoint: 'https://api.groq.com/openai/v1', hasResponses: true },
  HuggingFace: { endpoint: 'https://router.huggingface.co/v1', maxTokensField: 'max_tokens' },
  Inception: { endpoint: 'https://api.inceptionlabs.ai/v1' },
  InferenceNet: { endpoint: 'https://api.inference.net/v1' },
  LiteLLMProxy: {},
  LlamaCpp: {},
  LMStudio: { maxTokensField: 'max_tokens' },
  MiniMax: { endpoint: 'https://api.minimax.io/v1' },
  Mistral: {
    endpoint: 'https://api.mistral.ai/v1',
    maxTokensField: 'max_tokens',
    hasStreamOptions: false,
  },
  ModelScope: { endpoint: 'https://api-inference.modelscope.cn/v1' },
  Moonshot: { endpoint: 'https://api.moonshot.ai/v1', maxTokensField: 'max_tokens' },
  NanoGPT: { endpoint: 'https://nano-gpt.com/api/v1', maxTokensField: 'max_tokens' },
  Nebius: { endpoint: 'https://api.tokenfactory.nebius.com/v1' },
  Novita: { endpoint: 'https://api.novita.ai/openai/v1', maxTokensField: 'max_tokens' },
  Nscale: { endpoint: 'https://inference.api.nscale.com/v1' },
  NvidiaNIM: { endpoint: 'https://integrate.api.nvidia.com/v1', maxTokensField: 'max_tokens' },
  Ollama: { maxTokensField: 'max_tokens' },
  OllamaCloud: { endpoint: 'https://ollama.com/v1', maxTokensField: 'max_tokens' },
  OpenRouter: { endpoint: 'https://openrouter.ai/api/v1', hasResponses: true },
  OVHcloud: { endpoint: 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1' },
  Parasail: { endpoint: 'https://api.parasail.io/v1' },
  Poe: { endpoint: 'https://api.poe.com/v1', maxTokensField: 'max_tokens' },
  Qianfan: { endpoint: 'https://qianfan.baidubce.com/v2' },
  Reka: { endpoint: 'https://api.reka.ai/v1', header: 'x-api-key' },
  Requesty: { endpoint: 'https://router.requesty.ai/v1' },
  SambaNova: { endpoint: 'https://api.sambanova.ai/v1' },
  Sarvam: { endpoint: 'https://api.sarvam.ai/v1', maxTokensField: 'max_tokens' },
  Scaleway: { endpoint: 'https://api.scaleway.ai/v1' },
  SGLang: {},
  SiliconFlow: { endpoint: 'https://api.siliconflow.com/v1' },
  SnowflakeCortex: { maxTokensField: 'max_completion_tokens' },
  StepFun: { endpoint: 'https://api.stepfun.ai/v1' },
  Synthetic: { endpoint: 'https://api.synthetic.new/openai/v1', maxTokensField: 'max_tokens' },
  TencentTokenHub: { endpoint: 'https://tokenhub-intl.tencentcloudmaas.com/v1' },
  TGI: { hasStreamOptions: false },
  Together: { endpoint: 'https://api.together.ai/v1', maxTokensField: 'max_tokens' },
  Upstage: { endpoint: 'https://api.upstage.ai/v1' },
  Venice: { endpoint: 'https://api.venice.ai/api/v1' },
  VercelAIGateway: { endpoint: 'https://ai-gateway.vercel.sh/v1', maxTokensField: 'max_tokens' },
  VLLM: {},
  VolcengineArk: { endpoint: 'https://ark.cn-beijing.volces.com/api/v3' },
  Vultr: { endpoint: 'https://api.vultrinference.com/v1' },
  XAI: { endpoint: 'https://api.x.ai/v1', hasResponses: true },
  XiaomiMiMo: { endpoint: 'https://api.xiaomimimo.com/v1', maxTokensField: 'max_tokens' },
  ZAI: { endpoint: 'https://api.z.ai/api/paas/v4', maxTokensField: 'max_tokens' },
  Zhipu: { endpoint: 'https://open.bigmodel.cn/api/paas/v4', maxTokensField: 'max_tokens' },
} as const satisfies Record<string, AiProvider>

export type AiProviderName = keyof typeof AI_PROVIDERS
