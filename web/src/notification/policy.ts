// What the reader wants of strangers: accept, put aside until asked, or drop.
import { signal } from '@preact/signals';
import { call } from '../api/client.ts';
import { msg } from '../i18n/index.ts';

export type Answer = 'accept' | 'filter' | 'drop';
export type PolicyKey = 'forNotFollowing' | 'forNotFollowers' | 'forNewAccounts' | 'forPrivateMentions' | 'forLimitedAccounts' | 'forBots';
export type Policy = Partial<Record<PolicyKey, Answer>> & { summary: { pendingRequestsCount: number; pendingNotificationsCount: number } };

export const rules: { key: PolicyKey; name: string; text: string; hint: string }[] = [
  { key: 'forNotFollowing', name: 'for_not_following', text: msg('People you do not follow'), hint: msg('Until you accept them.') },
  { key: 'forNotFollowers', name: 'for_not_followers', text: msg('People who do not follow you'), hint: msg('Also those who have followed you for less than three days.') },
  { key: 'forNewAccounts', name: 'for_new_accounts', text: msg('New accounts'), hint: msg('Made within the last 30 days.') },
  { key: 'forPrivateMentions', name: 'for_private_mentions', text: msg('Unasked private mentions'), hint: msg('Unless they answer you or you follow who wrote.') },
  { key: 'forLimitedAccounts', name: 'for_limited_accounts', text: msg('Moderated accounts'), hint: msg('Limited by the moderators of this server.') },
  { key: 'forBots', name: 'for_bots', text: msg('Automated accounts'), hint: msg('Those that say they are bots.') },
];

export const policy = signal<Policy | null>(null);

export async function loadPolicy(): Promise<void> {
  policy.value = await call<Policy>('GET', '/api/v2/notifications/policy');
}

export async function setPolicy(name: string, value: Answer): Promise<void> {
  policy.value = await call<Policy>('PUT', '/api/v2/notifications/policy', { [name]: value }, {}, { keepalive: true });
}
