import type { ReactElement } from 'react'
import { Icon } from '../ui/Icon.tsx'
import styles from './page.module.css'

/** What is shown before the server lets this tab in, and when it does not. */
export function AccessPage({ access }: { readonly access: 'checking' | 'denied' }): ReactElement {
  if (access === 'checking') {
    return (
      <main className={styles['page']} aria-busy="true">
        <p className={styles['quiet']} role="status">
          Connecting to the server…
        </p>
      </main>
    )
  }
  return (
    <main className={styles['page']}>
      <section className={styles['card']} role="alert" data-testid="access-denied">
        <span className={styles['cardIcon']}>
          <Icon name="lock" />
        </span>
        <h1>This tab has no session</h1>
        <p>
          Mapscope opens nothing to anyone without its link. Open the link that the server printed when it was started;
          it looks like this:
        </p>
        <code>{`${location.origin}/?token=…`}</code>
        <p className={styles['quiet']}>
          A link counts until its server stops. If the server was started again, it has printed a new one.
        </p>
      </section>
    </main>
  )
}
