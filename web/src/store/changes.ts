// What changed elsewhere and no other stream tells: how one stands to somebody, and the settings of this client.
import { subscribe } from '../api/stream.ts';
import { lookAgain, lookAtAsked } from './people.ts';
import { loadSettings, startSettings } from './synced.ts';

export function startChanges(): void {
  startSettings();
  subscribe({ stream: 'user:changes' }, ({ event, payload }) => {
    if (event === 'relationship') lookAgain(String(payload));
    else if (event === 'settings_changed') void loadSettings();
  }, () => {
    lookAtAsked();
    void loadSettings();
  });
}
