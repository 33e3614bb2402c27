// Notifications: what stands where.
import test from 'node:test';
import assert from 'node:assert/strict';
import { type Group, isNew, kinds, merged, tabs } from '../src/notification/kinds.ts';

const group = (groupKey: string, mostRecentNotificationId: string | number): Group => ({ groupKey, type: 'mention', notificationsCount: 1, mostRecentNotificationId, sampleAccountIds: [] });

test('every kind is in exactly one tab', () => {
  const named = tabs.flatMap(x => x.types ?? []);
  assert.deepEqual([...named].sort(), Object.keys(kinds).sort());
});

test('a group that grew moves up and stands once', () => {
  const list = merged([group('a', 5), group('b', 4)], [group('b', 9), group('c', 8)]);
  assert.deepEqual(list.map(g => [g.groupKey, g.mostRecentNotificationId]), [['b', 9], ['c', 8], ['a', 5]]);
});

test('what is newer than the marker is new; ids are compared as numbers of any length', () => {
  assert.equal(isNew(group('a', '116480000000000001'), '116480000000000000'), true);
  assert.equal(isNew(group('a', 99), '100'), false);
  assert.equal(isNew(group('a', 100), '100'), false);
  assert.equal(isNew(group('a', 100), null), false);
});

test('an id that a number of JSON cannot hold is compared as text', () => {
  const g = { ...group('a', 117661034198236540), pageMaxId: '117661034198236545' };
  assert.equal(isNew(g, '117661034198236544'), true);
  assert.equal(isNew(g, '117661034198236545'), false);
});
