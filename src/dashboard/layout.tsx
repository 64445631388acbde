import { html } from 'hono/html'
import type { Child } from 'hono/jsx'

/** The frame of every page of the dashboard. `styleVersion` changes with the stylesheet. */
export const layout = ({
  title,
  styleVersion,
  header,
  children,
}: {
  title: string
  styleVersion: string
  header?: Child
  children: Child
}) => {
  const page = (
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="stylesheet" href={`/dashboard/style.css?v=${styleVersion}`} />
        <link rel="icon" href="/dashboard/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="brand" href="/dashboard">
            <img src="/dashboard/icon.svg" alt="" width="28" height="28" />
            edge-llm-cache
          </a>
          {header}
        </header>
        <main id="main">{children}</main>
      </body>
    </html>
  )
  return html`<!doctype html>${page}`
}

/** The mark in the browser's tab and in the header: three layers. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0072b2"/><g fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round"><path d="M16 6 26 11 16 16 6 11z" fill="#fff"/><path d="m6 16 10 5 10-5"/><path d="m6 21 10 5 10-5"/></g></svg>
`
