// SPDX-License-Identifier: GPL-2.0-only
/** A real terminal for tests: a program on a pty, its screen as somebody in front of it would see it, and keys to press. */
import { type IPty, spawn } from '@lydell/node-pty';
import { Terminal as Screen } from '@xterm/headless';

export interface TerminalOptions {
  readonly cwd: string;
  readonly width?: number;
  readonly height?: number;
}

/** Longer than anything here takes on a slow machine; only a broken program waits so long. */
const PATIENCE_MS = 60_000;

export class TestTerminal {
  /** Resolves with the exit code. */
  readonly exit: Promise<number>;
  readonly #screen: Screen;
  readonly #pty: IPty;
  #looks: (() => void)[] = [];

  constructor(
    args: readonly string[],
    { cwd, width: cols = 80, height: rows = 24 }: TerminalOptions,
  ) {
    this.#screen = new Screen({ cols, rows, allowProposedApi: true });
    const env = { ...process.env, TERM: 'xterm-256color', NO_COLOR: '1' };
    this.#pty = spawn(process.execPath, [...args], { cwd, cols, rows, env });
    this.#pty.onData((data) => {
      this.#screen.write(data, () => {
        for (const look of this.#looks) look();
      });
    });
    this.exit = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        resolve(exitCode);
      });
    });
  }

  /** The lines on the screen, without blanks at their ends. */
  lines(): string[] {
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  /** The screen as text. */
  text(): string {
    return this.lines().join('\n').trimEnd();
  }

  /** Whether the program draws on a screen of its own, as editors do. */
  get alternate(): boolean {
    return this.#screen.buffer.active.type === 'alternate';
  }

  /** Presses keys, or types. */
  press(keys: string): void {
    this.#pty.write(keys);
  }

  resize(width: number, height: number): void {
    this.#screen.resize(width, height);
    this.#pty.resize(width, height);
  }

  /** Waits until the screen shows something, and gives the screen. */
  async shows(what: string | RegExp): Promise<string> {
    const there = (): boolean =>
      typeof what === 'string' ? this.text().includes(what) : what.test(this.text());
    await new Promise<void>((resolve, reject) => {
      const over = (): void => {
        clearTimeout(watchdog);
        this.#looks = this.#looks.filter((one) => one !== look);
      };
      const look = (): void => {
        if (!there()) return;
        over();
        resolve();
      };
      const watchdog = setTimeout(() => {
        over();
        reject(new Error(`the screen never showed ${String(what)}:\n${this.text()}`));
      }, PATIENCE_MS);
      this.#looks.push(look);
      look();
    });
    return this.text();
  }

  /** Ends the program, if it has not ended. */
  stop(): void {
    try {
      this.#pty.kill('SIGKILL');
    } catch {
      // It has ended.
    }
  }
}
