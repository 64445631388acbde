/**
 * Whether a list of models names this one, literally or by LiteLLM's wildcards: `*` stands for any
 * text, also none, anywhere in a name (https://docs.litellm.ai/docs/proxy/model_access).
 */
export function matchesModel(model: string, names: readonly string[]): boolean {
  return names.some((name) => matches(model, name.split('*')))
}

/** Whether the text is made of these parts in this order, with anything between them. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
