// SPDX-License-Identifier: GPL-2.0-only
/** The first import of every script that starts a process or a thread: later imports come from its pack. */
import path from 'node:path';
import { usePack } from './pack';

const script = path.basename(process.argv[1] ?? '', '.js');
// The thread that checks types and the process that does so load the same files.
usePack(script === 'type-worker' ? 'types-child' : script);
