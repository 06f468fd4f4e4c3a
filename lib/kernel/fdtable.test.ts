// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree, type Seen } from '../explore/testing/small-program';
import { Machine, type Op } from '../machine';
import { anon_inode_getfd, anon_inode_getfile } from './anon_inodes';
import { EBADF, EBUSY, EMFILE, ENOMEM, IS_ERR } from './err';
import {
  close_fd,
  current_files,
  files_lookup_fd_locked,
  files_lookup_fd_raw,
  files_lookup_fd_rcu,
  NR_OPEN_DEFAULT,
} from './fdtable';
import { fd_install, fget, fput, get_unused_fd_flags, put_unused_fd, replace_fd } from './file';
import { DEFINE_FILE_OPERATIONS, type file, file_count, get_file_rcu } from './fs';
import { rcu_read_lock, rcu_read_unlock } from './rcupdate';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from './spinlock';

const released: string[] = [];
const lock = DEFINE_SPINLOCK('lock');
const fops = DEFINE_FILE_OPERATIONS('fops', {
  *release() {
    released.push('released');
  },
});

/** A file with one reference, or an error of the test. */
function* make(): Op<file> {
  const made = yield* anon_inode_getfile('[thing]', fops, null, 0);
  if (IS_ERR(made)) throw new TypeError('no file');
  return made;
}

/** Runs a body alone: what it gave, and what was found. */
function alone(body: (out: unknown[]) => Op<unknown>): { out: unknown[]; seen: Seen } {
  const out: unknown[] = [];
  const seen = agree({
    tasks: {
      *a() {
        out.length = released.length = 0;
        yield* body(out);
      },
    },
  });
  return { out, seen };
}

it('gives the lowest descriptor, up to the last, and again what came back', () => {
  const { out, seen } = alone(function* (results) {
    for (let i = 0; i <= NR_OPEN_DEFAULT; i++) results.push(yield* get_unused_fd_flags(0));
    yield* put_unused_fd(3);
    yield* put_unused_fd(2);
    results.push(yield* get_unused_fd_flags(0), yield* fget(2), yield* close_fd(2));
    results.push(yield* close_fd(-1), yield* fget(-1));
  });
  expect(out).toEqual([0, 1, 2, 3, 4, 5, 6, 7, -EMFILE, 2, null, -EBADF, -EBADF, null]);
  expect(seen).toMatchObject({ complaints: [], findings: [] });
});

it('counts descriptors and users, and releases with the last', () => {
  const { out, seen } = alone(function* (results) {
    const fd = yield* anon_inode_getfd('[thing]', fops, null, 0);
    const found = yield* fget(fd);
    if (found === null) return;
    results.push(fd, yield* file_count(found));
    results.push(yield* replace_fd(fd, found, 0), yield* replace_fd(4, found, 0));
    results.push(yield* file_count(found), yield* close_fd(fd), yield* close_fd(4));
    yield* rcu_read_lock(); // the memory stays until here
    yield* fput(found);
    results.push(yield* get_file_rcu(found), yield* fget(fd));
    yield* rcu_read_unlock();
  });
  expect(out).toEqual([0, 2, 0, 4, 3, 0, 0, false, null]);
  expect(released).toEqual(['released']);
  expect(seen).toMatchObject({ complaints: [], findings: [] });
});

it('refuses to replace a descriptor that has no file yet, and one that is none', () => {
  const { out } = alone(function* (results) {
    const made = yield* make();
    const fd = yield* get_unused_fd_flags(0);
    results.push(yield* replace_fd(fd, made, 0), yield* replace_fd(8, made, 0));
    yield* fd_install(fd, made);
    results.push(yield* replace_fd(fd, null, 0), yield* replace_fd(fd, null, 0));
  });
  expect(out).toEqual([-EBUSY, -EBADF, 0, -EBADF]);
});

/** Looks descriptor 0 up while another task does something to it: who was found in some execution. */
function lookedUp(change: (other: file) => Op<unknown>): readonly string[] {
  const found = new Set<string>();
  let first: file | null = null;
  const boot = (machine: Machine): void => {
    machine.runNow(anon_inode_getfd('[thing]', fops, null, 0));
    const other = machine.runNow(make());
    first = machine.runNow(files_lookup_fd_raw(current_files(), 0));
    machine.spawn('get', function* () {
      const got = yield* fget(0);
      if (got === null) found.add('none');
      else {
        found.add(`${got === first ? 'the first' : 'the other'}, ${yield* file_count(got)}`);
        yield* fput(got);
      }
    });
    machine.spawn('change', () => change(other));
  };
  const machine = new Machine({ boot });
  const { complete } = dpor(machine, () => {
    for (const { kind } of machine.findings) found.add(kind);
    return false;
  });
  return complete ? [...found].sort() : ['not all explored'];
}

it('finds a file with its references, or none, while its descriptor is closed', () => {
  expect(lookedUp(() => close_fd(0))).toEqual(['none', 'the first, 1', 'the first, 2']);
});

it('finds the old file or the new one while dup2() replaces it, and never none', () => {
  const found = lookedUp((other) => replace_fd(0, other, 0));
  expect(found).toEqual(['the first, 1', 'the first, 2', 'the other, 3']);
});

it('two who open get two descriptors', () => {
  const open = (): Op<number> => anon_inode_getfd('[thing]', fops, null, 0);
  const seen = agree({
    tasks: { a: open, b: open },
    *check() {
      yield* rcu_read_lock();
      const first = yield* files_lookup_fd_rcu(current_files(), 0);
      if (first === (yield* files_lookup_fd_rcu(current_files(), 1))) throw new TypeError('one');
      yield* rcu_read_unlock();
    },
  });
  expect(seen).toMatchObject({ executions: 2, complaints: [], findings: [] });
});

it('releases at once where the task may sleep, and later where it holds a lock', () => {
  const releases = (locked: boolean): { at: number; seen: Seen } => {
    const { out, seen } = alone(function* (results) {
      const made = yield* make();
      if (locked) yield* spin_lock(lock);
      yield* fput(made);
      results.push(released.length);
      if (locked) yield* spin_unlock(lock);
    });
    return { at: Number(out[0]), seen };
  };
  expect(releases(false)).toMatchObject({ at: 1, seen: { complaints: [], findings: [] } });
  expect(released).toHaveLength(1);
  expect(releases(true)).toMatchObject({ at: 0, seen: { complaints: [], findings: [] } });
  expect(released).toHaveLength(1);
});

it('complains of lookups without protection, and of a descriptor with two files', () => {
  const complaints = (body: () => Op<unknown>): readonly string[] =>
    alone(body).seen.complaints.map((line) => line.replace(/ at .*/, ''));
  const files = current_files();
  expect(complaints(() => files_lookup_fd_rcu(files, 0))).toEqual([
    'rcu: suspicious rcu_dereference_check() usage!',
  ]);
  expect(complaints(() => files_lookup_fd_locked(files, 0))).toEqual([
    'rcu: suspicious rcu_dereference_protected() usage!',
  ]);
  const twice = complaints(function* () {
    const fd = yield* anon_inode_getfd('[thing]', fops, null, 0);
    yield* fd_install(fd, yield* make());
  });
  expect(twice).toHaveLength(1);
});

it('gives the descriptor back when there is no memory for the file', () => {
  const results = new Set<number>();
  const seen = agree({
    failures: { kzalloc: 1 },
    tasks: {
      *a() {
        results.add(yield* anon_inode_getfd('[thing]', fops, null, 0));
      },
    },
    *check() {
      const { open_fds } = current_files().fdtab;
      const found = yield* fget(0);
      if ((open_fds === 1) !== (found !== null)) throw new TypeError(`open_fds is ${open_fds}`);
    },
  });
  expect([...results].sort()).toEqual([-ENOMEM, 0]);
  expect(seen).toMatchObject({ executions: 2, complaints: [], findings: [] });
});
