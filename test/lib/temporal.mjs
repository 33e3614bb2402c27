// The peer of the shared tools expects the Temporal of newer Nodes; fedify carries the same as a module.
import { Temporal } from '@js-temporal/polyfill';
globalThis.Temporal ??= Temporal;
