import { z } from 'zod'
import type { ChatEvent } from '../../chat/answer.ts'
import { readErrorMessage } from '../../chat/error-message.ts'
import { createSseDecoder } from '../../chat/sse-decoder.ts'
import type { StreamDecoder } from '../../dialect.ts'
import { ending, findRefusal } from './decode-answer.ts'
import { toFinish } from './finish.ts'
import { readCounts, type TokenCounts, toUsage } from './usage.ts'

const text = z.string().nullish()
const anyEvent = z.looseObject({ type: z.string() })
const messageStart = z.object({
  message: z.object({ id: text, model: text, usage: z.unknown().optional() }),
})
const messageDelta = z.object({ delta: ending.nullish(), usage: z.unknown().optional() })
const blockStart = z.object({ index: z.int(), content_block: anyEvent })
const blockStop = z.object({ index: z.int() })
const blockDelta = z.object({ index: z.int(), delta: anyEvent })
const said = z.object({ text, thinking: text, signature: text, partial_json: text })
const textBlock = z.object({ text })
const thinkingBlock = z.object({ thinking: text, signature: text })
const redactedBlock = z.object({ data: z.string() })
const toolBlock = z.object({ id: z.string(), name: z.string(), input: z.unknown().optional() })

type Said = string | null | undefined

/** A call of a tool whose arguments are still to come. */
interface OpenTool {
  readonly index: number
  /** What it began with: all of it, where no arguments follow. */
  readonly input: unknown
  hasArguments: boolean
}

/** https://platform.claude.com/docs/en/build-with-claude/streaming#event-types */
class AnthropicStreamDecoder implements StreamDecoder {
  #events: ChatEvent[] = []
  #counts: TokenCounts = {}
  #toolCount = 0
  /** By the index of their blocks. */
  readonly #tools = new Map<number, OpenTool>()
  /** Whether the reasoning that is signed has begun. */
  #hasReasoning = false
  readonly #sse = createSseDecoder(({ data }) => this.#read(data))

  push(chunk: string): readonly ChatEvent[] {
    this.#events = []
    this.#sse.push(chunk)
    return this.#events
  }

  #read(data: string): void {
    // Sent by servers beside Anthropic's own, after its end mark.
    if (data === '[DONE]') return
    const event = anyEvent.parse(JSON.parse(data))
    switch (event.type) {
      case 'message_start':
        this.#start(messageStart.parse(event).message)
        break
      case 'content_block_start':
        this.#startBlock(blockStart.parse(event))
        break
      case 'content_block_delta':
        this.#addDelta(blockDelta.parse(event))
        break
      case 'content_block_stop':
        this.#stopBlock(blockStop.parse(event).index)
        break
      case 'message_delta':
        this.#finish(messageDelta.parse(event))
        break
      case 'message_stop':
        this.#events.push({ type: 'end' })
        break
      case 'error':
        this.#events.push({ type: 'error', message: readErrorMessage(event) ?? 'unknown' })
        break
      default:
      // Pings, and what may come to be.
    }
  }

  #start({ id, model, usage }: z.infer<typeof messageStart>['message']): void {
    this.#events.push({ type: 'start', ...(id && { id }), ...(model && { model }) })
    this.#count(usage)
  }

  #startBlock({ index, content_block: block }: z.infer<typeof blockStart>): void {
    switch (block.type) {
      case 'text':
        this.#addText(textBlock.parse(block).text)
        break
      case 'thinking': {
        const { thinking, signature } = thinkingBlock.parse(block)
        this.#hasReasoning = false
        this.#addReasoning(thinking)
        this.#addSignature(signature)
        break
      }
      case 'redacted_thinking':
        this.#events.push({ type: 'redactedReasoning', redacted: redactedBlock.parse(block).data })
        break
      case 'tool_use':
        this.#startTool(index, toolBlock.parse(block))
        break
      default:
      // Tools of the provider, which nobody asked for.
    }
  }

  #startTool(block: number, { id, name, input }: z.infer<typeof toolBlock>): void {
    const index = this.#toolCount
    this.#toolCount += 1
    this.#tools.set(block, { index, input, hasArguments: false })
    this.#events.push({ type: 'toolCall', index, id, name })
  }

  #addDelta({ index, delta }: z.infer<typeof blockDelta>): void {
    switch (delta.type) {
      case 'text_delta':
        this.#addText(said.parse(delta).text)
        break
      case 'thinking_delta':
        this.#addReasoning(said.parse(delta).thinking)
        break
      case 'signature_delta':
        this.#addSignature(said.parse(delta).signature)
        break
      case 'input_json_delta':
        this.#addArguments(this.#tools.get(index), said.parse(delta).partial_json)
        break
      default:
      // Citations, and what may come to be.
    }
  }

  #addText(words: Said): void {
    if (words) this.#events.push({ type: 'text', text: words })
  }

  #addReasoning(thinking: Said): void {
    if (!thinking) return
    this.#hasReasoning = true
    this.#events.push({ type: 'reasoning', text: thinking })
  }

  #addSignature(signature: Said): void {
    if (!signature) return
    // Where the thinking is not shown, its signature comes alone.
    if (!this.#hasReasoning) this.#events.push({ type: 'reasoning', text: '' })
    this.#events.push({ type: 'reasoningSignature', signature })
  }

  #addArguments(tool: OpenTool | undefined, json: Said): void {
    if (!(tool && json)) return
    tool.hasArguments = true
    this.#events.push({ type: 'toolArguments', index: tool.index, json })
  }

  #stopBlock(index: number): void {
    const tool = this.#tools.get(index)
    if (tool && !tool.hasArguments) this.#addArguments(tool, JSON.stringify(tool.input ?? {}))
    this.#tools.delete(index)
  }

  #finish({ delta, usage }: z.infer<typeof messageDelta>): void {
    if (delta?.stop_reason) {
      const stopSequence = delta.stop_sequence
      this.#events.push(...findRefusal(delta), {
        type: 'finish',
        finish: toFinish(delta.stop_reason),
        ...(typeof stopSequence === 'string' && { stopSequence }),
      })
    }
    this.#count(usage)
  }

  /** What it tells is cumulative, and what it no longer tells stays. */
  #count(told: unknown): void {
    const counts = readCounts(told)
    if (Object.keys(counts).length === 0) return
    this.#counts = { ...this.#counts, ...counts }
    const usage = toUsage(this.#counts)
    if (usage) this.#events.push({ type: 'usage', usage })
  }
}

/** Creates what reads the stream of one answer. */
export const createStreamDecoder = (): StreamDecoder => new AnthropicStreamDecoder()
