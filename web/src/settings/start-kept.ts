// The step of the first steps where somebody was, kept in this browser for each account.
const key = (id: string): string => `dassie.start.${id}`;

export function read(id: string, steps: number, storage: Pick<Storage, 'getItem'> = localStorage): number {
  const n = Number(storage.getItem(key(id)) ?? '0');
  return Number.isInteger(n) && n >= 0 && n < steps ? n : 0;
}

export function write(id: string, at: number, storage: Pick<Storage, 'setItem'> = localStorage): void {
  storage.setItem(key(id), String(at));
}
