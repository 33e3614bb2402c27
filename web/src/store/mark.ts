// Telling the server how far one has read.  The request outlives the page: it is often the last thing before one goes elsewhere.
import { call } from '../api/client.ts';

export const tellMark = (timeline: 'home' | 'notifications', id: string): Promise<unknown> =>
  call('POST', '/api/v1/markers', { [timeline]: { last_read_id: id } }, {}, { keepalive: true });
