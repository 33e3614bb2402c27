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

async function write(d: Draft): Promise<{ server: Server; outcome: 'saved' | 'both' }> {
  const mine = fingerprint(d), posts = params(d);
  const create = async (): Promise<Server> => seen(await call<ServerDraft>('POST', '/api/v1/drafts', { posts }), mine);
  if (!d.server) return { server: await create(), outcome: 'saved' };
  const put = async (version: number): Promise<Server> => seen(await call<ServerDraft>('PUT', `/api/v1/drafts/${d.server!.id}`, { version, posts }), mine);
  try {
    return { server: await put(d.server.version), outcome: 'saved' };
  } catch (e) {
    const status = (e as CallError).statusCode;
    if (status === 404) return { server: await create(), outcome: 'saved' }; // published or deleted elsewhere: what is here is new
    if (status !== 409) throw e;
  }
  const row = await load(d.server.id), theirs = fingerprint(fromPosts(row.posts, row.mediaAttachments));
  if (merge(d.server.synced, mine, theirs) === 'mine') return { server: await put(row.version), outcome: 'saved' };
  return { server: await create(), outcome: 'both' };
}

export type SaveState = 'idle' | 'waiting' | 'saving' | 'saved' | 'offline';

// One writer for each composer; calls never overlap, the last state wins.
export class Saver {
  private timer = 0;
  private running: Promise<void> | null = null;

  constructor(private readonly get: () => Draft, private readonly set: (server: Server) => void, private readonly wanted: () => boolean,
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
    const { server } = await write(d);
    this.set(server);
    return server;
  }

  private async tryToSave(d: Draft): Promise<void> {
    this.tell('saving', false);
    try {
      const { server, outcome } = await write(d);
      this.set(server);
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
