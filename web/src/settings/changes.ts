// Choices that the server keeps.  What was chosen stands at once; the server is told of one after the other; and its answer to one does not
// undo what was chosen since.  When it refuses, what it knows stands again.  When the page is left, what still waits is told at once.
import { signal } from '@preact/signals';

interface Untold {
  name: string;
  turn: number;
  tell: () => Promise<void>;
  done: (told: Promise<void> | void) => void;
}

const untold = new Set<{ hurry: () => void }>();

function mark(): void {
  document.documentElement.dataset.untold = String(untold.size);
}

export function leave(): void {
  for (const changes of untold) changes.hurry();
}
addEventListener('pagehide', leave);

export class Changes<V> {
  readonly chosen = signal<Readonly<Record<string, V>>>({}); // what the server has not answered yet
  private turns = new Map<string, number>();
  private turn = 0;
  private queue: Untold[] = [];
  private telling = false;

  // tell: what makes the request, which should outlive the page, and takes in the answer.
  async make(name: string, value: V, tell: () => Promise<void>): Promise<void> {
    const turn = ++this.turn;
    this.turns.set(name, turn);
    this.chosen.value = { ...this.chosen.peek(), [name]: value };
    untold.add(this);
    mark();
    const told = new Promise<void>(done => this.queue.push({ name, turn, tell, done }));
    void this.run();
    try {
      await told;
    } finally {
      if (this.turns.get(name) === turn) {
        const { [name]: _, ...rest } = this.chosen.peek();
        this.chosen.value = rest;
      }
      if (Object.keys(this.chosen.peek()).length === 0) untold.delete(this);
      mark();
    }
  }

  private async run(): Promise<void> {
    if (this.telling) return;
    this.telling = true;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const told = next.tell();
      next.done(told);
      await told.catch(() => undefined);
    }
    this.telling = false;
  }

  // Of each name the newest, without waiting for what is on its way.
  hurry(): void {
    for (const { name, turn, tell, done } of this.queue.splice(0)) done(this.turns.get(name) === turn ? tell() : undefined);
  }
}
