import { rawItems, rawMembers, rawObject } from '../../cache/raw-json.ts'
import type { RawObject } from '../../cache/raw-json.ts'
import { formatEvent } from '../../stream/sse.ts'

/** Members of the message that are only known at its end. They begin as null. */
const IN_DELTA = ['stop_reason', 'stop_sequence', 'stop_details']
/** Counts that a stream repeats at its end. */
const COUNTS_IN_DELTA = [
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens',
  'server_tool_use',
  'output_tokens_details',
  'iterations',
  'fallback_credit',
]

const EMPTY = '""'

/**
 * Converts a message's JSON text to a stream, in the documented order
 * (https://docs.anthropic.com/en/api/messages-streaming#event-types). Text is not cut into words, which
 * would only cost bytes. The inverse of `mergeMessage`: values keep their source text.
 */
export function* splitMessage(text: string): Generator<string> {
  // Between values, line ends are white space (RFC 8259, 2). Within them, there are none.
  const message = rawMembers(text.replaceAll(/[\r\n]+/g, ' '))
  const usage = rawMembers(message.get('usage')!)
  const blocks = rawItems(message.get('content')!)
  yield event('message_start', ['message', rawObject(startOf(message, usage))])
  for (const [index, block] of blocks.entries()) yield* blockEvents(block, index)
  yield event(
    'message_delta',
    ['delta', rawObject(pick(message, IN_DELTA))],
    ['usage', rawObject(pick(usage, COUNTS_IN_DELTA))],
  )
  yield event('message_stop')
}

function startOf(message: RawObject, usage: RawObject): RawObject {
  const start = new Map(message)
  start.set('content', '[]')
  for (const name of IN_DELTA) if (start.has(name)) start.set(name, 'null')
  start.set('usage', rawObject(new Map(usage).set('output_tokens', '0')))
  return start
}

/** A part of a block that a delta adds. */
type Delta = readonly [type: string, member: string, source: string]

function* blockEvents(source: string, index: number): Generator<string> {
  const block = rawMembers(source)
  const deltas = takeDeltas(block)
  const at = ['index', String(index)] as const
  yield event('content_block_start', at, ['content_block', rawObject(block)])
  for (const [type, member, value] of deltas) {
    const delta = rawObject([
      ['type', JSON.stringify(type)],
      [member, value],
    ])
    yield event('content_block_delta', at, ['delta', delta])
  }
  yield event('content_block_stop', at)
}

/** Empties the members of a block that come as deltas. Blocks of other types start whole. */
function takeDeltas(block: RawObject): Delta[] {
  switch (block.get('type')) {
    case '"text"':
      return [...takeText(block, 'text_delta', 'text'), ...takeCitations(block)]
    case '"thinking"':
      return [
        ...takeText(block, 'thinking_delta', 'thinking'),
        ...takeText(block, 'signature_delta', 'signature'),
      ]
    case '"tool_use"':
    case '"server_tool_use"':
    case '"mcp_tool_use"': {
      const input = block.get('input')
      if (input === undefined) return []
      block.set('input', '{}')
      return [['input_json_delta', 'partial_json', JSON.stringify(input)]]
    }
    default:
      return []
  }
}

function takeText(block: RawObject, delta: string, name: string): Delta[] {
  const text = block.get(name)
  if (text === undefined || !text.startsWith('"') || text === EMPTY) return []
  block.set(name, EMPTY)
  return [[delta, name, text]]
}

function takeCitations(block: RawObject): Delta[] {
  const citations = block.get('citations')
  if (citations === undefined || !citations.startsWith('[')) return []
  block.set('citations', '[]')
  return rawItems(citations).map((one) => ['citations_delta', 'citation', one])
}

/** The members with these names that say something. The SDKs take the reasons as they are, even null. */
function pick(members: RawObject, names: readonly string[]): [string, string][] {
  return [...members].filter(
    ([name, source]) => names.includes(name) && (name.startsWith('stop_') || source !== 'null'),
  )
}

function event(type: string, ...members: (readonly [string, string])[]): string {
  const data = rawObject([['type', JSON.stringify(type)], ...members])
  return formatEvent({ event: type, data })
}
