/** The least that any Worker does with a request: reads the body and answers. */
export default {
  async fetch(request) {
    await request.arrayBuffer()
    return new Response('{"hello":"world"}', { headers: { 'content-type': 'application/json' } })
  },
}
