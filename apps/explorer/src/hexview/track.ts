/** The pointer's y on a track. */
export function yIn(track: HTMLElement | null, event: { clientY: number }): number {
  return event.clientY - (track?.getBoundingClientRect().top ?? 0)
}

/** How far the pointer is beside the track; 0 over it. */
export function sidewaysOf(track: HTMLElement | null, event: { clientX: number }): number {
  const box = track?.getBoundingClientRect()
  if (!box) return 0
  return Math.max(0, box.left - event.clientX, event.clientX - box.right)
}
