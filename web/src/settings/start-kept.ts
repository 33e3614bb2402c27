// How far somebody came with the first steps, kept in this browser for each account.
export interface Kept {
  at: number;
  done: boolean;
}

const key = (id: string): string => `dassie.start.${id}`;

export function read(id: string, steps: number, storage: Pick<Storage, 'getItem'> = localStorage): Kept {
  const [at, done] = (storage.getItem(key(id)) ?? '').split(' ');
  const n = Number(at);
  return { at: Number.isInteger(n) && n >= 0 && n < steps ? n : 0, done: done === 'done' };
}

export function write(id: string, kept: Kept, storage: Pick<Storage, 'setItem'> = localStorage): void {
  storage.setItem(key(id), `${kept.at}${kept.done ? ' done' : ''}`);
}
