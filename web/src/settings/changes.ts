// Choices that the server keeps.  What was chosen stands at once; the server is told of one after the other; and its answer to one does not
// undo what was chosen since.  When it refuses, what it knows stands again.
import { signal } from '@preact/signals';

export class Changes<V> {
  readonly chosen = signal<Readonly<Record<string, V>>>({}); // what the server has not answered yet
  private turns = new Map<string, number>();
  private turn = 0;
  private last: Promise<unknown> = Promise.resolve();

  // tell: what makes the request and takes in the answer.
  async make(name: string, value: V, tell: () => Promise<void>): Promise<void> {
    const mine = ++this.turn;
    this.turns.set(name, mine);
    this.chosen.value = { ...this.chosen.peek(), [name]: value };
    const told = this.last.then(tell);
    this.last = told.catch(() => undefined);
    try {
      await told;
    } finally {
      if (this.turns.get(name) === mine) {
        const { [name]: _, ...rest } = this.chosen.peek();
        this.chosen.value = rest;
      }
    }
  }
}
