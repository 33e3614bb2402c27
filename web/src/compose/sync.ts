// The server's copy of a draft: written a moment after typing pauses and when the composer closes; without a connection the local copy waits.
import { CallError, call, errorText } from '../api/client.ts';
import { type Draft, type ServerDraft, fingerprint, fromPosts, merge, params } from './draft.ts';

type Server = Draft['server'];

const load = (id: string): Promise<ServerDraft> => call<ServerDraft>('GET', `/api/v1/drafts/${id}`);
const seen = (row: ServerDraft, synced: string): Server => ({ id: row.id, version: row.version, synced });

export function taken(row: ServerDraft): Draft {
  const d = fromPosts(row.posts, row.mediaAttachments);
  return { ...d, server: seen(row, fingerprint(d)) };
}

// A draft that was made by a request whose answer was lost: it says what was sent then.
async function made(saving: string): Promise<Server> {
  const rows = await call<ServerDraft[]>('GET', '/api/v1/drafts');
  const row = rows.find(r => fingerprint(fromPosts(r.posts, r.mediaAttachments)) === saving);
  return row ? seen(row, saving) : null;
}

async function write(d: Draft): Promise<{ server: Server; outcome: 'saved' | 'both' }> {
  const mine = fingerprint(d), posts = params(d), last = { keepalive: true };
  const create = async (): Promise<Server> => seen(await call<ServerDraft>('POST', '/api/v1/drafts', { posts }, {}, last), mine);
  const put = async (id: string, version: number): Promise<Server> => seen(await call<ServerDraft>('PUT', `/api/v1/drafts/${id}`, { version, posts }, {}, last), mine);
  const server = d.server ?? (d.saving ? await made(d.saving) : null);
  if (!server) return { server: await create(), outcome: 'saved' };
  try {
    return { server: await put(server.id, server.version), outcome: 'saved' };
  } catch (e) {
    const status = (e as CallError).statusCode;
    if (status === 404) return { server: await create(), outcome: 'saved' }; // published or deleted elsewhere: what is here is new
    if (status !== 409) throw e;
  }
  const row = await load(server.id), theirs = fingerprint(fromPosts(row.posts, row.mediaAttachments));
  if (theirs === d.saving || merge(server.synced, mine, theirs) === 'mine') return { server: await put(server.id, row.version), outcome: 'saved' };
  return { server: await create(), outcome: 'both' };
}

export type SaveState = 'idle' | 'waiting' | 'saving' | 'saved' | 'offline';

// One writer for each composer; calls never overlap, the last state wins.
export class Saver {
  private timer = 0;
  private running: Promise<void> | null = null;

  constructor(private readonly get: () => Draft, private readonly set: (change: Partial<Draft>) => void, private readonly wanted: () => boolean,
    private readonly tell: (state: SaveState, both: boolean) => void) {}

  // A change was made: save when it has been quiet for a while.
  touch(wait = 2500): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), wait);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  // Ends with the server having everything, or with the knowledge that it has not.
  async flush(): Promise<void> {
    this.stop();
    await this.settled();
    const d = this.get();
    if (!this.wanted() || d.server?.synced === fingerprint(d)) return;
    this.running = this.tryToSave(d).finally(() => { this.running = null; });
    await this.running;
  }

  async settled(): Promise<void> {
    while (this.running) await this.running;
  }

  // Before publishing: the server's copy says what is here, or this throws.
  async save(): Promise<Server> {
    await this.settled();
    const d = this.get();
    if (d.server?.synced === fingerprint(d)) return d.server;
    return (await this.write(d)).server;
  }

  // What is sent is noted before: the page may end, or the server, before the answer comes.
  private async write(d: Draft): ReturnType<typeof write> {
    this.set({ saving: fingerprint(d) });
    const done = await write(d);
    this.set({ server: done.server, saving: null });
    return done;
  }

  private async tryToSave(d: Draft): Promise<void> {
    this.tell('saving', false);
    try {
      const { outcome } = await this.write(d);
      this.tell('saved', outcome === 'both');
    } catch (e) {
      errorText(e);
      this.tell('offline', false);
      if (!(e instanceof CallError) || e.statusCode >= 500 || e.statusCode === 429) this.touch(15_000);
    }
  }
}

export async function forgetServerCopy(server: Server): Promise<void> {
  if (server) await call('DELETE', `/api/v1/drafts/${server.id}`).catch(errorText);
}

// When the composer opens again: what another device wrote since comes in, unless both did.
export async function freshen(d: Draft): Promise<Draft | null> {
  if (!d.server) return null;
  try {
    const row = await load(d.server.id), theirs = taken(row);
    if (row.version === d.server.version) return null;
    return merge(d.server.synced, fingerprint(d), theirs.server!.synced) === 'theirs' ? theirs : null;
  } catch (e) {
    return (e as CallError).statusCode === 404 && !d.tried && fingerprint(d) === d.server.synced ? { ...d, server: null } : null;
  }
}
