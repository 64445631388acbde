import type { Child } from 'hono/jsx'

/** One section of the page. */
export const Card = ({
  id,
  title,
  lead,
  half = false,
  children,
}: {
  id: string
  title: string
  /** What the section shows, in a line. */
  lead?: string
  /** Whether it takes half of a wide screen. */
  half?: boolean
  children?: Child
}) => (
  <section class={half ? 'card half' : 'card'} aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {lead === undefined ? null : <p class="lead">{lead}</p>}
    {children}
  </section>
)

/** A section without data: says what to do. */
export const Empty = ({ children }: { children?: Child }) => <div class="empty">{children}</div>

/** A part of a section that is closed at first. */
export const Fold = ({ title, children }: { title: string; children?: Child }) => (
  <details class="fold">
    <summary>{title}</summary>
    {children}
  </details>
)
