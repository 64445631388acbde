import { rawItems, rawMembers, withRawMembers } from '../../cache/raw-json.ts'

/** A stream event without its number: its members as JSON texts. */
export interface RawEvent {
  readonly type: string
  readonly members: Readonly<Record<string, string>>
}

/** Members of an item that are empty when it is added, by its type. Other items come whole. */
const OPEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  message: { status: '"in_progress"', content: '[]' },
  reasoning: { status: '"in_progress"', summary: '[]', content: '[]', encrypted_content: 'null' },
  function_call: { status: '"in_progress"', arguments: '""' },
  custom_tool_call: { status: '"in_progress"', input: '""' },
}

/** The text of a part, and the name of the events that carry it. */
const PART_TEXT: Readonly<Record<string, { readonly member: string; readonly event: string }>> = {
  output_text: { member: 'text', event: 'response.output_text' },
  refusal: { member: 'refusal', event: 'response.refusal' },
  reasoning_text: { member: 'text', event: 'response.reasoning_text' },
}

/** A function or tool call's text, and the name of the events that carry it. */
const CALL_TEXT: Readonly<Record<string, { readonly member: string; readonly event: string }>> = {
  function_call: { member: 'arguments', event: 'response.function_call_arguments' },
  custom_tool_call: { member: 'input', event: 'response.custom_tool_call_input' },
}

/**
 * The events of one output item, given as JSON text. An item without an id, which the other events
 * would need, and an item with unknown content come whole, when added and when done.
 */
export function* itemEvents(item: string, index: number): Generator<RawEvent> {
  const output_index = String(index)
  const members = rawMembers(item)
  const type = nameIn(members.get('type'))
  const item_id = members.get('id') ?? ''
  const isOpen = isText(item_id) && item_id !== '""' && hasKnownContent(type, members)
  const open = isOpen && Object.hasOwn(OPEN, type) ? OPEN[type] : undefined
  const added = open === undefined ? item : withRawMembers(item, open)
  yield { type: 'response.output_item.added', members: { output_index, item: added } }
  if (open !== undefined) yield* innerEvents(type, members, { item_id, output_index })
  yield { type: 'response.output_item.done', members: { output_index, item } }
}

/** LiteLLM also puts other parts into reasoning, for which there are no events. */
function hasKnownContent(type: string, members: ReadonlyMap<string, string>): boolean {
  if (type !== 'reasoning') return true
  return elementsOf(members.get('content')).every((part) => {
    const { type, text } = Object.fromEntries(rawMembers(part))
    return nameIn(type) === 'reasoning_text' && isText(text)
  })
}

type Place = Readonly<Record<string, string>>

function* innerEvents(
  type: string,
  members: ReadonlyMap<string, string>,
  place: Place,
): Generator<RawEvent> {
  const called = CALL_TEXT[type]
  if (called !== undefined) {
    const { member, event } = called
    const text = members.get(member)
    if (isText(text)) yield* textEvents(event, member, text, place)
    return
  }
  const summaries = type === 'reasoning' ? elementsOf(members.get('summary')) : []
  for (const [at, part] of summaries.entries()) {
    yield* summaryEvents(part, { ...place, summary_index: `${at}` })
  }
  for (const [at, part] of elementsOf(members.get('content')).entries()) {
    yield* partEvents(part, { ...place, content_index: `${at}` })
  }
}

/** One part of a reasoning summary. */
function* summaryEvents(part: string, place: Place): Generator<RawEvent> {
  const text = rawMembers(part).get('text')
  const added = withRawMembers(part, { text: '""' })
  yield { type: 'response.reasoning_summary_part.added', members: { ...place, part: added } }
  if (isText(text)) yield* textEvents('response.reasoning_summary_text', 'text', text, place)
  yield { type: 'response.reasoning_summary_part.done', members: { ...place, part } }
}

/** One content part. A part of an unknown type comes whole. */
function* partEvents(part: string, place: Place): Generator<RawEvent> {
  const members = rawMembers(part)
  const type = nameIn(members.get('type'))
  const known = Object.hasOwn(PART_TEXT, type) ? PART_TEXT[type] : undefined
  const text = known && members.get(known.member)
  const isKnown = known !== undefined && isText(text)
  const empty = { [known?.member ?? '']: '""', annotations: '[]', logprobs: '[]' }
  const added = isKnown ? withRawMembers(part, empty) : part
  yield { type: 'response.content_part.added', members: { ...place, part: added } }
  if (isKnown) yield* spokenEvents(known, text, members, place)
  yield { type: 'response.content_part.done', members: { ...place, part } }
}

function spokenEvents(
  { event, member }: { readonly event: string; readonly member: string },
  text: string,
  members: ReadonlyMap<string, string>,
  place: Place,
): Iterable<RawEvent> {
  if (event !== 'response.output_text') return textEvents(event, member, text, place)
  // The schema requires them.
  const logprobs = { logprobs: `[${elementsOf(members.get('logprobs')).join(',')}]` }
  const annotations = elementsOf(members.get('annotations'))
    .entries()
    .map(([at, annotation]) => ({
      type: 'response.output_text.annotation.added',
      members: { ...place, annotation_index: `${at}`, annotation },
    }))
  return textEvents(event, member, text, { ...place, ...logprobs }, annotations)
}

/** The whole text as one delta, unless it is empty, then `between`, then the end of the text. */
function* textEvents(
  event: string,
  member: string,
  text: string,
  place: Place,
  between: Iterable<RawEvent> = [],
): Generator<RawEvent> {
  if (text !== '""') yield { type: `${event}.delta`, members: { ...place, delta: text } }
  yield* between
  yield { type: `${event}.done`, members: { ...place, [member]: text } }
}

const isText = (text: string | undefined): text is string => text?.startsWith('"') ?? false
const elementsOf = (text: string | undefined) => (text?.startsWith('[') ? rawItems(text) : [])

/** The name that a JSON text contains; "" if it is no text. */
function nameIn(text: string | undefined): string {
  return isText(text) ? (JSON.parse(text) as string) : ''
}
