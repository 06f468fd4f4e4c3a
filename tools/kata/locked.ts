// SPDX-License-Identifier: GPL-2.0-only
/**
 * Importing this locks the realm of the process, as grading does: whatever file a driver comes from, it is evaluated where built-ins are
 * frozen and there is no way to the machine it runs on. It comes before the library is loaded, which so holds on to what
 * no driver can change.
 */
import path from 'node:path';
import { lockRealm } from '../grade/sandbox/realm';

export const realm = lockRealm(path.resolve(__dirname, '..', '..'));
