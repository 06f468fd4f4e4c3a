// SPDX-License-Identifier: GPL-2.0-only
/**
 * Somebody who has just cloned the repository, at a real terminal: what is typed goes through a pty, and what is asserted is
 * what the screen shows. Nothing here waits for time; the whole has a generous backstop.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { IPty } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';
import { answerFile, applied } from '../answers/files';
import { kataAt, repositoryRoot } from './katas';
import { type Checkout, freshCheckout } from './testing/checkout';

type Pty = typeof import('@lydell/node-pty');

/** Prebuilt for the usual platforms; null elsewhere. */
function loadPty(): Pty | null {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may not be there
    return process.platform === 'win32' ? null : (require('@lydell/node-pty') as Pty);
  } catch {
    return null;
  }
}

const pty = loadPty();
const root = repositoryRoot();
const { id, manifest } = kataAt(root, '01-rbd-put-client');
const solution = applied(root, manifest, answerFile(root, id, 'right', 'kref-put-lock')).text;
const SIZE = { cols: 110, rows: 40 };
const PROMPT = '$ ';
const BACKSTOP_MS = 600_000;

let checkout: Checkout;
let shell: IPty;
let terminal: Terminal;
let arrived = false;

beforeAll(() => {
  if (pty === null) {
    console.info('there is no pty for this platform: the newcomer stays at home');
    return;
  }
  checkout = freshCheckout();
  terminal = new Terminal({ ...SIZE, scrollback: 5000, allowProposedApi: true });
  const { NO_COLOR: _, ...env } = process.env;
  shell = pty.spawn('sh', [], {
    ...SIZE,
    cwd: checkout.root,
    env: { ...env, PS1: PROMPT, TERM: 'xterm-256color', npm_config_update_notifier: 'false' },
  });
  shell.onData((data) => {
    terminal.write(data);
  });
});
afterAll(() => {
  if (pty === null) return;
  if (!arrived) console.info(`the last screen:\n${screen()}`);
  shell.kill('SIGKILL');
  terminal.dispose();
  checkout.remove();
});

/** The lines on the screen and those that have scrolled away. */
function lines(): string[] {
  const { active } = terminal.buffer;
  const all = Array.from({ length: active.length }, (_, i) =>
    (active.getLine(i)?.translateToString(true) ?? '').trimEnd(),
  );
  while (all.at(-1) === '') all.pop();
  return all;
}

/** What a person sees without scrolling. */
function screen(): string {
  return lines().slice(-SIZE.rows).join('\n');
}

/** Nothing is running: the last line is the shell's. */
function atPrompt(): boolean {
  return lines().at(-1) === PROMPT.trimEnd();
}

/** Resolves when the terminal shows something. */
function shows(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!condition()) return;
      watching.dispose();
      resolve();
    };
    const watching = terminal.onWriteParsed(look);
    look();
  });
}

/** Types a command on an empty terminal and waits until it has ended. */
async function command(line: string): Promise<string> {
  await begin(line);
  await shows(() => lines().length > 1 && atPrompt());
  return lines().join('\n');
}

async function begin(line: string): Promise<void> {
  terminal.reset();
  shell.write(`${line}\r`);
  await shows(() => lines().join('').includes(line));
}

(pty === null ? it.skip : it)(
  'is led from the first look to the next kata and back',
  async () => {
    await shows(atPrompt);

    // The first look.
    const first = await command('npx kata');
    expect(first).toContain('Kernel race katas: real Linux races, to be fixed by you.');
    expect(first).toContain('00-lost-update: A lost update');
    expect(first).toContain('EXPECTATION FAILED: two writes were counted: expected 2, got 1');
    expect(screen()).toContain('Edit    katas/00-lost-update/tally.ts');
    expect(screen()).toContain('Judge   npx kata test 00');

    // The warm-up is skipped.
    expect(await command('npx kata next')).toContain('00-lost-update stays pending');
    expect(screen()).toContain('Edit    katas/01-rbd-put-client/rbd.ts');

    // Broken by hand: the put stops between its last reference and the list, and the get goes on.
    await begin('npx kata break 01');
    await shows(() => screen().includes('You are the scheduler'));
    for (const [key, times] of [
      ['1', 2],
      ['2', 8],
      ['1', 6],
      ['2', 1],
    ] as const) {
      shell.write(key.repeat(times));
    }
    await shows(() => screen().includes('BUG: KASAN: slab-use-after-free'));
    shell.write('q');
    await shows(atPrompt);
    expect(screen()).toContain("replay it: npx kata replay 01 'A2 B8 A6 B1'");

    // Mended under a watch.
    await begin('npx kata watch');
    await shows(() => screen().includes('18 of 25 scenarios hold.'));
    expect(lines().join('\n')).toContain('BUG: KASAN: slab-use-after-free in useClient');
    expect(screen()).toContain('[r]un  [h]int  [n]ext  [l]ist  [b]reak  [q]uit');
    const driver = path.join(checkout.root, 'katas', '01-rbd-put-client', 'rbd.ts');
    fs.writeFileSync(driver, solution);
    await shows(() =>
      screen().includes('01-rbd-put-client is done: it holds in every interleaving.'),
    );
    expect(lines().join('\n')).toContain('The driver holds in all ');
    expect(lines().join('\n')).toContain('What upstream did, and what happened next');
    expect(lines().join('\n')).toContain('The hints you did not need');
    expect(screen()).toContain(
      'Next: 02-rbd-destroy-unlocked, katas/02-rbd-destroy-unlocked/rbd.ts',
    );

    // On, when asked to.
    shell.write('n');
    await shows(() => screen().includes('0 of 25 scenarios hold.'));
    expect(lines().join('\n')).toContain('02-rbd-destroy-unlocked: The fix that sleeps');
    shell.write('h');
    await shows(() => screen().includes('npx kata hint 02  (hint 2 of'));
    shell.write('q');
    await shows(atPrompt);

    // The next hint, and back to the beginning of 01.
    expect(await command('npx kata hint')).toContain('Hint 2');
    await begin('npx kata reset 01');
    await shows(() => screen().includes('yours is kept as a backup'));
    shell.write('y\r');
    await shows(atPrompt);
    expect(screen()).toContain('katas/01-rbd-put-client/rbd.ts is as it was shipped.');
    const backup = path.join(checkout.root, '.kata', 'backup', '01-rbd-put-client', 'rbd.1.ts');
    expect(fs.readFileSync(backup, 'utf8')).toBe(solution);
    expect(await command('npx kata progress')).toContain(
      'Held once, but not as they are now: 01-rbd-put-client.',
    );
    expect(screen()).toContain('You are at 02-rbd-destroy-unlocked.');
    arrived = true;
  },
  BACKSTOP_MS,
);
