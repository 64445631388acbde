import { describe, expect, it } from 'vitest'
import { responses } from '../../src/apis/responses.ts'
import type { JsonObject } from '../../src/cache/json.ts'

const bypass = (over: object) =>
  responses.bypass!({ model: 'small', input: 'Hello', ...over } as JsonObject)
const tool = (over: object) => ({ tools: [{ type: 'function', name: 'f' }, over] })
const item = (over: object) => ({ input: [{ role: 'user', content: 'Hello' }, over] })

describe('a request of the Responses API', () => {
  it.each<[reason: string, over: object]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['conversation', { conversation: { id: 'conv_1' } }],
    ['background', { background: true }],
    ['background', { background: 'true' }],
    ['store', { store: true }],
    ['store', { store: 1 }],
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['item_reference', item({ type: 'item_reference', id: 'msg_1' })],
    ['item_reference', item({ id: 'msg_1' })],
    ['item_reference', item({ type: null, id: 'msg_1' })],
    ['server-side tool', tool({ type: 'web_search' })],
    ['server-side tool', tool({ type: 'web_search_preview_2025_03_11' })],
    ['server-side tool', tool({ type: 'file_search', vector_store_ids: ['vs_1'] })],
    ['server-side tool', tool({ type: 'code_interpreter', container: { type: 'auto' } })],
    ['server-side tool', tool({ type: 'image_generation' })],
    ['server-side tool', tool({ type: 'mcp', server_url: 'litellm_proxy' })],
    ['server-side tool', tool({ type: 'programmatic_tool_calling' })],
    ['server-side tool', tool({ type: 'shell' })],
    ['server-side tool', tool({ type: 'shell', environment: { type: 'container_auto' } })],
    ['server-side tool', tool({ type: 'tool_search' })],
    ['server-side tool', tool({ type: 'tool_search', execution: 'server' })],
    ['server-side tool', tool({ type: 'namespace', name: 'n', tools: [{ type: 'mcp' }] })],
    ['server-side tool', tool({ type: 'namespace', name: 'n' })],
    ['server-side tool', tool({ type: 'FUNCTION' })],
    ['server-side tool', tool({ type: 'invented' })],
    ['server-side tool', tool({ type: ['function'] })],
    ['server-side tool', tool({})],
    ['server-side tool', { tools: [null] }],
    ['server-side tool', { tools: { type: 'function' } }],
    ['server-side tool', item({ type: 'additional_tools', tools: [{ type: 'mcp' }] })],
    ['server-side tool', item({ type: 'tool_search_output', tools: [{ type: 'web_search' }] })],
    // LiteLLM merges `extra_body` over the request.
    ['store', { store: false, extra_body: { store: true } }],
    ['previous_response_id', { extra_body: { previous_response_id: 'resp_1' } }],
    ['server-side tool', { extra_body: { tools: [{ type: 'web_search' }] } }],
    ['item_reference', { extra_body: { input: [{ type: 'item_reference', id: 'x' }] } }],
  ])('bypasses the cache because of %s: %j', (reason, over) => {
    expect(bypass(over)).toBe(reason)
  })

  it.each<object>([
    {},
    { store: false, background: false, previous_response_id: null, conversation: null },
    { store: null, background: null, prompt: null, tools: null, extra_body: null },
    { tools: [] },
    tool({ type: 'custom', name: 'apply_patch' }),
    tool({ type: 'local_shell' }),
    tool({ type: 'apply_patch' }),
    tool({ type: 'shell', environment: { type: 'local' } }),
    tool({ type: 'tool_search', execution: 'client' }),
    tool({ type: 'computer_use_preview', display_width: 800 }),
    tool({ type: 'namespace', name: 'n', tools: [{ type: 'function' }, { type: 'custom' }] }),
    item({ type: 'message', role: 'user', content: 'x' }),
    item({ type: 'function_call_output', call_id: 'call_1', output: 'x' }),
    item({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' }),
    item({ type: 'additional_tools', role: 'developer', tools: [{ type: 'function' }] }),
    { input: ['text', null] },
    { extra_body: { top_k: 3 } },
  ])('is cached if nothing is stored and no server runs a tool: %j', (over) => {
    expect(bypass(over)).toBeUndefined()
  })
})
