import type { ReactElement } from 'react'
import { useStore } from 'zustand'
import { dismiss } from '../state/notices.ts'
import { Button } from '../ui/Button.tsx'
import styles from './shell.module.css'
import { useServices } from './useServices.ts'

/** Passing messages, and the live region that reads jumps, hits and the connection to those who do not see them. */
export function Notices(): ReactElement {
  const { notices: store } = useServices()
  const { notices, announcement } = useStore(store)
  return (
    <>
      <div className={styles['notices']} role="status" aria-live="polite">
        {notices.map((notice) => (
          <div key={notice.key} className={styles['notice']} data-tone={notice.tone} data-testid="notice">
            <div className={styles['noticeText']}>
              {notice.text}
              {notice.details && (
                <ul className={styles['noticeDetails']}>
                  {notice.details.map((detail) => (
                    <li key={detail}>{detail}</li>
                  ))}
                </ul>
              )}
            </div>
            {notice.action && (
              <Button
                onClick={() => {
                  dismiss(store, notice)
                  notice.action?.run()
                }}
              >
                {notice.action.title}
              </Button>
            )}
            <Button look="quiet" icon="close" aria-label="Dismiss" onClick={() => dismiss(store, notice)} />
          </div>
        ))}
      </div>
      <div className={styles['visuallyHidden']} aria-live="polite">
        {announcement}
      </div>
    </>
  )
}
