// SPDX-License-Identifier: GPL-2.0-only
/** The playing process, forked by player.ts: a driver can use up the memory or hang, and only a process can be stopped then. */
import { realm } from '../locked';
import type { Question } from './protocol';
import { PlayerSession } from './session';

const session = new PlayerSession((reply) => {
  process.send?.(reply);
}, realm);

process.on('message', (question) => {
  session.answer(question as Question); // the parent is this tool: it sends nothing but questions
});
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => undefined); // Ctrl-C in a terminal reaches both: the parent decides
