/** What a number is measured with, in the words of OpenTelemetry. */
export interface Instrument {
  readonly name: string
  /** https://ucum.org; what is counted stands in braces. */
  readonly unit: string
  readonly help: string
  /** All that a series may have. */
  readonly attributes: readonly string[]
  /** Of a histogram; without them it is a counter. */
  readonly boundaries?: readonly number[]
}

/** What makes one series of an instrument. */
export type Attributes = Readonly<Record<string, string>>

/** Adds a number to one series. */
export type Add = (value: number) => void

/** Where numbers go. */
export interface Meter {
  /** @returns what finds a series by its attributes */
  create(instrument: Instrument): (attributes: Attributes) => Add
}

const REQUEST = ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.model']

const DURATIONS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
]

/**
 * Names, units and boundaries of `gen_ai` are those of
 * https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-metrics.md
 */
export const INSTRUMENTS = {
  tryDuration: {
    name: 'gen_ai.client.operation.duration',
    unit: 's',
    help: 'How long requests to providers took.',
    attributes: [...REQUEST, 'error.type'],
    boundaries: DURATIONS,
  },
  tokens: {
    name: 'gen_ai.client.token.usage',
    unit: '{token}',
    help: 'Tokens of requests to providers, by type.',
    attributes: [...REQUEST, 'gen_ai.token.type'],
    boundaries: [
      1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
      67_108_864,
    ],
  },
  firstToken: {
    name: 'gen_ai.server.time_to_first_token',
    unit: 's',
    help: 'How long providers took to begin a stream that succeeded.',
    attributes: REQUEST,
    boundaries: [
      0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ],
  },
  outputToken: {
    name: 'gen_ai.server.time_per_output_token',
    unit: 's',
    help: 'How long each token after the first took, of streams that succeeded.',
    attributes: REQUEST,
    boundaries: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
  },
  callDuration: {
    name: 'penstock.call.duration',
    unit: 's',
    help: 'How long callers waited for an answer to be whole, all tries together.',
    attributes: ['target', 'operation', 'outcome'],
    boundaries: DURATIONS,
  },
  tries: {
    name: 'penstock.call.tries',
    unit: '{try}',
    help: 'Tries of models within calls, by outcome.',
    attributes: ['namespace', 'model', 'outcome'],
  },
  cost: {
    name: 'penstock.call.cost.dollars',
    unit: '{USD}',
    help: 'What calls cost, where the price is known, by who called.',
    attributes: ['team', 'tenant'],
  },
  cache: {
    name: 'penstock.cache.lookups',
    unit: '{call}',
    help: 'Calls that asked the cache, by whether it had an answer.',
    attributes: ['target', 'result'],
  },
  findings: {
    name: 'penstock.guardrail.findings',
    unit: '{finding}',
    help: 'What guardrails found, by type and by what was done about it.',
    attributes: ['guardrail', 'stage', 'action', 'type'],
  },
} as const satisfies Record<string, Instrument>
