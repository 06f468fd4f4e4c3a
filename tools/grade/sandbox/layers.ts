// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the operating system and Node put around a sandboxed process: used where it works, reported, and never required. The
 * locked realm inside and the kill outside are what a verdict rests on; these are for the day one of them has a hole.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { heapFlags } from '../../kata/heap-flags';
import type { OsLayer } from '../types';

/** A process to be started. */
export interface Inside {
  readonly root: string;
  /** Compiled script, under root. */
  readonly script: string;
  /** What it may read, beside dist/: under root. */
  readonly reads: readonly string[];
  readonly heapMb: number;
  /** Limits by the wall clock, and of processor time. */
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** A command line. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

const ALL: readonly OsLayer[] = ['permission', 'prlimit', 'bubblewrap'];

/** The layers that work here, of those wanted. Tries each one. */
export function availableLayers(root: string, wanted: readonly OsLayer[] = ALL): OsLayer[] {
  const script = path.join(root, 'dist', 'tools', 'grade', 'sandbox', 'try.js');
  return ALL.filter((layer) => {
    if (!wanted.includes(layer)) return false;
    const inside = { root, script, reads: [], heapMb: 64, wallMs: 5000, cpuMs: 5000 };
    const { file, args } = commandFor(inside, [layer]);
    const done = spawnSync(file, args, { env: {}, cwd: '/', timeout: 10_000, encoding: 'utf8' });
    return done.status === 0 && done.stdout === 'ok\n';
  });
}

/** The command that runs a script behind these layers. */
export function commandFor(inside: Inside, layers: readonly OsLayer[]): Command {
  let command = nodeCommand(inside, layers.includes('permission'));
  if (layers.includes('prlimit')) command = limited(inside, command);
  if (layers.includes('bubblewrap')) command = bubble(inside, command);
  return command;
}

function nodeCommand({ root, script, reads, heapMb }: Inside, permission: boolean): Command {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const args = [
    '--no-warnings',
    '--no-addons',
    '--disable-proto=delete',
    ...heapFlags(heapMb),
    script,
  ];
  if (!permission) return { file: process.execPath, args };
  const flag =
    major > 22 || (major === 22 && minor >= 13) ? '--permission' : '--experimental-permission';
  const allowed = [path.join(root, 'dist'), ...reads.map((name) => path.join(root, name))];
  const sqlite = major >= 22 ? ['--no-experimental-sqlite'] : [];
  const reading = allowed.map(
    (name) => `--allow-fs-read=${name}${isFolder(name) ? `${path.sep}*` : ''}`,
  );
  return { file: process.execPath, args: [flag, ...sqlite, ...reading, ...args] };
}

function isFolder(name: string): boolean {
  return fs.statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Nothing is written, few files are open, and the processor's time is bounded even when nobody is left to kill the process. */
function limited({ heapMb, cpuMs }: Inside, { file, args }: Command): Command {
  const cpu = Math.ceil(cpuMs / 1000);
  const limits = [
    `--cpu=${cpu}:${cpu + 1}`, // at the first the process hears why it ends, at the second it is killed
    '--fsize=0',
    '--core=0',
    '--nofile=64',
    `--data=${(heapMb + 1024) * 1024 * 1024}`,
  ];
  const command = { file: programNamed('prlimit'), args: [...limits, file, ...args] };
  // Where the parent is killed and cannot clean up, the kernel does.
  const setpriv = programNamed('setpriv');
  if (setpriv === 'setpriv') return command;
  const orphaned = ['--no-new-privs', '--pdeathsig', 'KILL'];
  return { file: setpriv, args: [...orphaned, command.file, ...command.args] };
}

/** Where a program lies; its bare name if it does not. */
function programNamed(name: string): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const files = [...folders, '/usr/bin', '/bin'].map((folder) => path.join(folder, name));
  return files.find((file) => path.isAbsolute(file) && fs.existsSync(file)) ?? name;
}

/** A file system with the few folders that are needed, no network, no other process, and death with the parent. */
function bubble({ root, reads }: Inside, { file, args }: Command): Command {
  const binds = [path.join(root, 'dist'), ...reads.map((name) => path.join(root, name))];
  if (!process.execPath.startsWith('/usr/')) binds.push(process.execPath);
  const links = ['lib', 'lib64', 'bin'].filter((name) => fs.existsSync(`/usr/${name}`));
  const flags = [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/usr', '/usr'],
    ...links.flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...binds.flatMap((name) => ['--ro-bind', name, name]),
    ...['--chdir', '/'],
  ];
  return { file: programNamed('bwrap'), args: [...flags, file, ...args] };
}
