// SPDX-License-Identifier: GPL-2.0-only
/** The first import of whatever starts a process or a thread: what it imports after this comes from its pack. */
import path from 'node:path';
import { usePack } from './pack';

const script = path.basename(process.argv[1] ?? '', '.js');
// The thread and the process that check types load the same.
usePack(script === 'type-worker' ? 'types-child' : script);
