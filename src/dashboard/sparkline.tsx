import { area, line } from 'd3-shape'

const WIDTH = 100
const HEIGHT = 28

/** A small curve of values beside a number, for the eye alone: the charts below say the same. */
export const Sparkline = ({ values }: { values: readonly number[] }) => {
  const top = Math.max(...values)
  if (values.length < 2 || !(top > 0)) return null
  const x = (_: number, at: number) => (at / (values.length - 1)) * WIDTH
  const y = (value: number) => HEIGHT - 1 - (value / top) * (HEIGHT - 2)
  const data = [...values]
  const digits = 2
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="area" d={area<number>().digits(digits).x(x).y0(HEIGHT).y1(y)(data)} />
      <path class="line" d={line<number>().digits(digits).x(x).y(y)(data)} />
    </svg>
  )
}
