// The peer of the shared tools expects the Temporal of newer Nodes; fedify carries the same as a module.
import { Temporal } from '@js-temporal/polyfill';
import fs from 'node:fs';
globalThis.Temporal ??= Temporal;

// Its clock: the file "clock" beside it says by how many milliseconds it is ahead.
const Real = Date;
const ahead = () => { try { return Number(fs.readFileSync('clock', 'utf8')); } catch { return 0; } };
globalThis.Date = class Date extends Real {
  constructor(...args) { args.length ? super(...args) : super(Real.now() + ahead()); }
  static now() { return Real.now() + ahead(); }
};
