/** What is printed of measured times. */

/** The value below which a share of the times lies; the highest for a share of 1. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? NaN;
}

/** `n 30, p50 41, p90 95, p95 120, most 130 ms` */
export function distribution(times: readonly number[]): string {
  const shares = { p50: 0.5, p90: 0.9, p95: 0.95, most: 1 };
  const said = Object.entries(shares).map(([name, at]) => `${name} ${quantile(times, at)}`);
  return `n ${times.length}, ${said.join(", ")} ms`;
}
