import { hrefOf } from './view.ts'
import type { View } from './view.ts'
import { layout } from './layout.tsx'

/** The login form. After the login, the browser comes back to the same view. */
export const loginPage = ({
  view,
  problem,
  styleVersion,
}: {
  view: View
  problem?: string | undefined
  styleVersion: string
}) =>
  layout({
    title: 'Log in – edge-llm-cache',
    styleVersion,
    children: (
      <form class="card login" method="post" action={hrefOf('/dashboard/login', view)}>
        <h1>Log in</h1>
        <p id="about-key">
          With the <code>ADMIN_KEY</code> of this gateway. You stay logged in for eight hours.
        </p>
        {problem === undefined ? null : (
          <p class="problem" role="alert" id="problem">
            {problem}
          </p>
        )}
        {/* Password managers look for a user name. */}
        <input name="username" value="admin" autocomplete="username" hidden readonly />
        <label for="key">Admin key</label>
        <input
          id="key"
          name="key"
          type="password"
          required
          autofocus
          autocomplete="current-password"
          aria-describedby={problem === undefined ? 'about-key' : 'problem about-key'}
          aria-invalid={problem === undefined ? undefined : 'true'}
        />
        <button type="submit">Log in</button>
      </form>
    ),
  })

/** A page that says what is wrong with a request, and leads back. */
export const problemPage = ({ problem, styleVersion }: { problem: string; styleVersion: string }) =>
  layout({
    title: 'Problem – edge-llm-cache',
    styleVersion,
    children: (
      <div class="card login">
        <h1>That did not work</h1>
        <p class="problem">{problem}</p>
        <p>
          <a href="/dashboard">Back to the dashboard</a>
        </p>
      </div>
    ),
  })
