// A QR code as one path of unit squares, runs of dark ones joined; four light modules stand around it.
import { encode } from 'uqr';

const QUIET = 4;

export function pathOf(rows: readonly (readonly boolean[])[]): string {
  let path = '';
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      path += `M${from + QUIET} ${y + QUIET}h${x - from + 1}v1h-${x - from + 1}z`;
    }
  });
  return path;
}

export function qrPath(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  return { size: size + 2 * QUIET, path: pathOf(data) };
}
