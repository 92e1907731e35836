import { z } from 'zod'
import type { ChatEvent } from '../../chat/answer.ts'
import { readErrorMessage } from '../../chat/error-message.ts'
import type { StreamDecoder } from '../../dialect.ts'
import { createFrameCutter } from './cut-frames.ts'
import { decodeFrame, type FrameMessage } from './decode-frame.ts'
import { ending, readEnding } from './finish.ts'
import { readUsage } from './usage.ts'

const text = z.string().nullish()
const position = z.int().nullish()

const blockStart = z.looseObject({
  contentBlockIndex: position,
  start: z
    .looseObject({
      toolUse: z.looseObject({ toolUseId: z.string(), name: z.string() }).nullish(),
    })
    .nullish(),
})

const blockDelta = z.looseObject({
  contentBlockIndex: position,
  delta: z
    .looseObject({
      text,
      toolUse: z.looseObject({ input: text }).nullish(),
      reasoningContent: z.looseObject({ text, signature: text, redactedContent: text }).nullish(),
    })
    .nullish(),
})

const blockStop = z.looseObject({ contentBlockIndex: position })
const metadata = z.looseObject({ usage: z.unknown().optional() })

type Reasoning = NonNullable<NonNullable<z.infer<typeof blockDelta>['delta']>['reasoningContent']>

/** A call of a tool whose block is open. */
interface OpenCall {
  readonly index: number
  hasArguments: boolean
}

/** Reads a stream of https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html */
class BedrockStream implements StreamDecoder {
  readonly #cut = createFrameCutter()
  /** By the place of their blocks. */
  readonly #calls = new Map<number, OpenCall>()
  #callCount = 0
  /** The place of the block whose thoughts were told last. */
  #thinking: number | undefined

  push(chunk: string): readonly ChatEvent[] {
    return this.#cut(chunk).flatMap((frame) => {
      const message = decodeFrame(frame)
      return message ? this.#decode(message) : []
    })
  }

  #decode({ isError, name, data }: FrameMessage): readonly ChatEvent[] {
    if (isError) return [{ type: 'error', message: readErrorMessage(data) ?? name }]
    switch (name) {
      case 'messageStart':
        return [{ type: 'start' }]
      case 'contentBlockStart':
        return this.#startBlock(blockStart.parse(data))
      case 'contentBlockDelta':
        return this.#continueBlock(blockDelta.parse(data))
      case 'contentBlockStop':
        return this.#stopBlock(blockStop.parse(data).contentBlockIndex ?? 0)
      case 'messageStop':
        return this.#stop(ending.parse(data))
      case 'metadata': {
        // The last one.
        const usage = readUsage(metadata.parse(data).usage)
        return usage ? [{ type: 'usage', usage }, { type: 'end' }] : [{ type: 'end' }]
      }
      default:
        return []
    }
  }

  #startBlock({ contentBlockIndex, start }: z.infer<typeof blockStart>): readonly ChatEvent[] {
    if (!start?.toolUse) return []
    const { toolUseId: id, name } = start.toolUse
    const index = this.#callCount
    this.#callCount += 1
    this.#calls.set(contentBlockIndex ?? 0, { index, hasArguments: false })
    return [{ type: 'toolCall', index, id, name }]
  }

  #continueBlock({ contentBlockIndex, delta }: z.infer<typeof blockDelta>): readonly ChatEvent[] {
    const place = contentBlockIndex ?? 0
    if (delta?.text) return [{ type: 'text', text: delta.text }]
    if (delta?.reasoningContent) return this.#think(place, delta.reasoningContent)
    const call = this.#calls.get(place)
    const json = delta?.toolUse?.input
    if (!call || !json) return []
    call.hasArguments = true
    return [{ type: 'toolArguments', index: call.index, json }]
  }

  #think(place: number, reasoning: Reasoning): readonly ChatEvent[] {
    const { text, signature, redactedContent } = reasoning
    if (redactedContent) return [{ type: 'redactedReasoning', redacted: redactedContent }]
    const events: ChatEvent[] = []
    // Some models sign thoughts that they do not show.
    if (text || (signature && this.#thinking !== place)) {
      events.push({ type: 'reasoning', text: text ?? '' })
      this.#thinking = place
    }
    if (signature) events.push({ type: 'reasoningSignature', signature })
    return events
  }

  /** A call without arguments has no deltas. */
  #stopBlock(place: number): readonly ChatEvent[] {
    const call = this.#calls.get(place)
    this.#calls.delete(place)
    if (!call || call.hasArguments) return []
    return [{ type: 'toolArguments', index: call.index, json: '{}' }]
  }

  #stop(told: z.infer<typeof ending>): readonly ChatEvent[] {
    const end = readEnding(told, this.#callCount > 0)
    if (end) return [{ type: 'finish', ...end }]
    return [{ type: 'error', message: `The answer ended with ${told.stopReason}.` }]
  }
}

/** Reads the stream of one answer. */
export const createStreamDecoder = (): StreamDecoder => new BedrockStream()
