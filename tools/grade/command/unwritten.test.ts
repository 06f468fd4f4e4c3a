// SPDX-License-Identifier: GPL-2.0-only
/** A full disk: no grade is made of it, and the message names it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Fault } from '../../kata/errors';
import { repositoryRoot } from '../../kata/katas';
import { readResult } from '../batch/results';
import { faultOf } from '../faults';
import { build } from '../testing/built';
import { toldUnwritten } from './unwritten';

const root = repositoryRoot();
const options = { out: 'r', types: true };

it('explains an error of writing, and leaves the rest alone', () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
  expect(toldUnwritten(full, 'class', options)).toEqual(
    new Fault(
      'results cannot be written (ENOSPC); those already written are whole, and there is no gradebook: make room, then npx kata grade class --out r --resume',
    ),
  );
  for (const other of [new Error('x'), new Fault('y'), 'z'])
    expect(toldUnwritten(other, 'class', options)).toBe(other);
});

const UNSHARE = ['--user', '--map-root-user', '--mount'];
const mounts = spawnSync('unshare', [...UNSHARE, 'mount', '-t', 'tmpfs', 't', '/mnt']).status === 0;

(mounts ? it : it.skip)(
  'makes neither a gradebook nor half a result of a disk that is full',
  () => {
    build(root);
    const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'kata-full-'));
    try {
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
        fs.mkdirSync(path.join(cwd, 'class', id), { recursive: true });
        const driver = path.join(root, 'katas/01-rbd-put-client/rbd.ts');
        fs.copyFileSync(driver, path.join(cwd, 'class', id, 'rbd.ts'));
      }
      fs.mkdirSync(path.join(cwd, 'disk'));
      const grade = `"${process.execPath}" "${path.join(root, 'bin/kata.js')}" grade class --kata 01 --out disk/r --no-types --no-cache`;
      const script = `mount -t tmpfs -o size=28k t disk && ${grade}; code=$?; cp -r disk/r copy; exit $code`;
      const run = spawnSync('unshare', [...UNSHARE, 'sh', '-c', script], { cwd, encoding: 'utf8' });
      expect(run.stderr).toContain('kata: results cannot be written (ENOSPC)');
      expect(run.status).toBe(3);
      const left = fs.readdirSync(path.join(cwd, 'copy')).filter((name) => name !== 'executions');
      expect(left.sort()).toEqual(['batch.json', 'results']);
      const reports = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((id) => {
        const file = path.join(cwd, 'copy/results', id, '01-rbd-put-client.json');
        return fs.existsSync(file) ? [readResult(file)] : [];
      });
      const states = reports.map((one) => (one === null ? 'torn' : faultOf(one) === null));
      expect(states).not.toContain('torn');
      expect(states).toContain(false);
    } finally {
      fs.rmSync(cwd, { recursive: true, force: true });
    }
  },
  120_000,
);
