/** Value below which the share `q` of the samples lies (nearest rank). */
export function quantile(samples, q) {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]
}

export function spread(samples) {
  const round = (value) => Math.round(value * 1000) / 1000
  return {
    count: samples.length,
    median: round(quantile(samples, 0.5)),
    p25: round(quantile(samples, 0.25)),
    p75: round(quantile(samples, 0.75)),
    p95: round(quantile(samples, 0.95)),
    max: round(Math.max(...samples)),
  }
}
