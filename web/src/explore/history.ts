// Usage over days, newest first, as a number and as a line.
type History = readonly { uses: string }[] | null | undefined;

export const uses = (h: History): number => (h ?? []).slice(0, 2).reduce((n, d) => n + (Number(d.uses) || 0), 0);

// For a polyline in 60 by 24, oldest at the left; nothing when there is nothing to show.
export function points(h: History): string {
  const n = [...(h ?? [])].reverse().map(d => Number(d.uses) || 0), top = Math.max(...n, 0);
  if (n.length < 2 || top === 0) return '';
  return n.map((v, i) => `${Math.round(i * 60 / (n.length - 1))},${Math.round(22 - v * 20 / top)}`).join(' ');
}
