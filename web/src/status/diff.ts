// What changed between two texts, word by word: the longest common subsequence of up to a few thousand words.
export type Change = ['=' | '+' | '-', string];

const words = (s: string): string[] => s.match(/\s+|[^\s]+/g) ?? [];

function push(out: Change[], kind: Change[0], text: string): void {
  const last = out.at(-1);
  if (last?.[0] === kind) last[1] += text;
  else out.push([kind, text]);
}

export function diff(before: string, after: string): Change[] {
  const a = words(before), b = words(after), width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let k = b.length - 1; k >= 0; k--)
      length[i * width + k] = a[i] === b[k] ? length[(i + 1) * width + k + 1]! + 1 : Math.max(length[(i + 1) * width + k]!, length[i * width + k + 1]!);
  const out: Change[] = [];
  let i = 0, k = 0;
  while (i < a.length || k < b.length)
    if (i < a.length && k < b.length && a[i] === b[k]) {
      push(out, '=', a[i]!);
      i++;
      k++;
    } else if (k < b.length && (i === a.length || length[i * width + k + 1]! > length[(i + 1) * width + k]!)) push(out, '+', b[k++]!);
    else push(out, '-', a[i++]!);
  return out;
}
