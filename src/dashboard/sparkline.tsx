const WIDTH = 100
const HEIGHT = 28

/** A small curve of values beside a number, for the eye alone: the charts below say the same. */
export const Sparkline = ({ values }: { values: readonly number[] }) => {
  const top = Math.max(...values)
  if (values.length < 2 || !(top > 0)) return null
  const points = values.map((value, at) => {
    const x = (at / (values.length - 1)) * WIDTH
    const y = HEIGHT - 1 - (value / top) * (HEIGHT - 2)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  const curve = points.join(' ')
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polygon points={`0,${HEIGHT} ${curve} ${WIDTH},${HEIGHT}`} />
      <polyline points={curve} />
    </svg>
  )
}
