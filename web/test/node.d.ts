// What the tests use of node; its own types would bring globals that a browser does not have.
declare module 'node:test';
declare module 'node:assert/strict';
