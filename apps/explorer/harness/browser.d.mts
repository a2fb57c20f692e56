import type { Browser } from '@playwright/test'

export declare function serveHarness(): Promise<{ url: string; close: () => void }>
export declare function launchChromium(devicePixelRatio: number | string): Promise<Browser>
