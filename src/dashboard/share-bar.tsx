import { percent } from './axis.ts'
import { share } from './format.ts'

/** One bar of 100 %, divided into parts. What is left is the background. */
export const ShareBar = ({
  id,
  title,
  parts,
}: {
  id: string
  title: string
  parts: readonly { readonly name: string; readonly share: number }[]
}) => {
  let left = 0
  const placed = parts.map((part) => {
    const from = left
    left += part.share
    return { ...part, from }
  })
  const shown = placed.filter(({ share }) => share > 0)
  return (
    <svg class="share-bar" width="100%" height="20" role="img" aria-labelledby={id}>
      <title id={id}>{title}</title>
      <desc>{shown.map((part) => `${part.name} ${share(part.share)}`).join(', ')}</desc>
      {shown.map((part) => (
        <rect
          class={`is-${part.name}`}
          x={percent(part.from * 100)}
          width={percent(part.share * 100)}
          height="20"
        >
          <title>{`${part.name} ${share(part.share)}`}</title>
        </rect>
      ))}
    </svg>
  )
}
