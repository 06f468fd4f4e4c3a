// SPDX-License-Identifier: GPL-2.0-only
/**
 * A final check that has passed need not run again in an equal state (lib/machine/state.ts). So what primitives remember must be
 * in fields that can be read, or here, with the reason why no check can depend on it.
 */
import fs from 'node:fs';
import path from 'node:path';
import * as checks from './checks.js';

const ROOMS = ['kernel', 'block', 'fs', 'net', 'scenario'].map((room) => `lib/${room}/`);

/** Fields and variables that cannot be read there. */
const HIDDEN: Readonly<Record<string, string>> = {
  'lib/kernel/err.ts: errors': 'constants',
  'lib/kernel/err.ts: pointers': 'constants',
  'lib/kernel/field-rmw.ts: kinds': 'kinds of operations',
  'lib/kernel/file.ts: files': 'opened before scenarios run',
  'lib/kernel/idr.ts: #points': 'clocks',
  'lib/kernel/jiffies.ts: reached':
    'of a task: the others have ended, and the boot task did not run',
  'lib/kernel/may-fail.ts: kinds': 'kinds of operations',
  'lib/kernel/may-fail.ts: points': 'names',
  'lib/kernel/percpu-refcount.ts: #enter': 'a kind of operation',
  'lib/kernel/percpu-refcount.ts: #enterNested': 'a kind of operation',
  'lib/kernel/percpu-refcount.ts: #leave': 'a kind of operation',
  'lib/kernel/percpu-refcount.ts: #leaveNested': 'a kind of operation',
  'lib/kernel/poison.ts: names': 'constants',
  'lib/kernel/rcu-state.ts: #callback': 'a kind of operation',
  'lib/kernel/rcu-state.ts: #readers': 'of a task, as above',
  'lib/kernel/rcu-state.ts: #section': 'a kind of operation',
  'lib/kernel/user-memory.ts: #counts': 'of a task, as above',
  'lib/kernel/wait-ends.ts: open': 'of an operation that has not run',
  'lib/kernel/wait-ends.ts: timeouts': 'of a task, as above',
  'lib/kernel/wait.ts: prepared': 'of a task, as above',
  'lib/kernel/workqueue-core.ts: running': 'of a task, as above',
  'lib/net/genetlink.ts: received': 'of a message that is being handled',
};

/** Private fields, and variables of a file that could change. */
const FIELD = /^ +(?:readonly )?(#\w+)(?:: [^=(;\n]+)?(?: = .+)?;$/gm;
const VARIABLE =
  /^(?:let (\w+)|const (\w+)(?:: [^=]+)? = (?:new (?:Weak)?(?:Map|Set)\b|\[\]|\{\}))/gm;

it('hides nothing that a final check could depend on', () => {
  const files = checks
    .filesEnding(['.ts'])
    .filter((file) => ROOMS.some((room) => file.startsWith(room)) && !file.endsWith('.test.ts'));
  const hidden = files.flatMap((file) => {
    const text = fs.readFileSync(path.join(checks.root, file), 'utf8');
    const names = [...text.matchAll(FIELD), ...text.matchAll(VARIABLE)];
    return names.map(([, one, two]) => `${file}: ${one ?? two ?? ''}`);
  });
  expect(hidden.sort()).toEqual(Object.keys(HIDDEN).sort());
});
