/** Macs have Cmd where others have Ctrl. */
export const IS_MAC: boolean =
  /mac|iphone|ipad/i.test(navigator.userAgent) && !/windows|linux/i.test(navigator.userAgent)
