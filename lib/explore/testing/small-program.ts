// SPDX-License-Identifier: GPL-2.0-only
/** For tests: explores a small program with dpor and with plain depth-first search. Both must see the same traces, each once. */
import { type Complaint, Machine, type Monitor, type Op, type Program } from '../../machine';
import { dfs } from '../dfs';
import { dpor, type DporResult } from '../dpor';
import { traceKey } from '../trace';

/** A program for a test: tasks by name over a world that `setup` makes. */
export interface TestProgram<W> {
  setup?(): Op<W>;
  readonly tasks: Readonly<Record<string, (world: W) => Op<unknown>>>;
  /** Inspects the state after all tasks have ended. */
  check?(world: W): Op<unknown>;
  readonly failures?: Readonly<Record<string, number>>;
  /** How often a timer of that name may expire. */
  readonly expiries?: Readonly<Record<string, number>>;
  /** Whether readers wait behind a writer that waits. */
  readonly fair?: boolean;
}

/** What an exploration saw. */
export interface Seen {
  readonly executions: number;
  readonly surplus: number;
  readonly blocked: number;
  /** Executions that ended with a task that could not continue. */
  readonly hung: number;
  /** Complaints, and calls that may sleep where they must not, over all executions, sorted, each once. */
  readonly complaints: readonly string[];
  /** Findings, likewise. */
  readonly findings: readonly string[];
}

/** A monitor that notes the complaints of primitives, and sleeping where it is not allowed. */
class Listener implements Monitor {
  readonly name = 'listener';
  readonly heard = new Set<string>();

  complaint(_machine: Machine, _task: unknown, { check, message }: Complaint): void {
    this.heard.add(`${check}: ${message}`);
  }

  mightSleep(
    _machine: Machine,
    task: { atomicDepth: number; rcuDepth: number; irqsOff: boolean },
    what: string,
  ): void {
    if (task.atomicDepth > 0 || task.rcuDepth > 0 || task.irqsOff)
      this.heard.add(`${what}: sleeps in atomic context`);
  }
}

function programOf<W>(definition: TestProgram<W>): Program {
  let world: W;
  return {
    boot(machine) {
      for (const [name, times] of Object.entries(definition.failures ?? {})) {
        machine.failures.set(name, times);
      }
      for (const [name, times] of Object.entries(definition.expiries ?? {})) {
        machine.expiries.set(name, times);
      }
      if (definition.setup !== undefined) world = machine.runNow(definition.setup());
      for (const [comm, body] of Object.entries(definition.tasks)) {
        machine.spawn(comm, () => body(world));
      }
    },
    finish(machine) {
      if (definition.check !== undefined) machine.runNow(definition.check(world));
    },
  };
}

/** More executions than a small program has. */
const EXECUTIONS_MAX = 50_000;

const telling = { frames: () => [], where: () => '?', stack: () => [] };

function explore(
  machine: Machine,
  keys: string[],
  seen: Set<string>,
): { result: DporResult; hung: number } {
  let hung = 0;
  const result = dpor(
    machine,
    ({ events }) => {
      keys.push(traceKey(events));
      if (machine.tasks.some((task) => task?.done === false)) hung++;
      for (const finding of machine.findings) seen.add(finding.headline(telling));
      return false;
    },
    {
      executionsMax: EXECUTIONS_MAX,
      restarted: () => {
        keys.length = hung = 0;
        seen.clear();
      },
    },
  );
  if (result.bound === 'executions') throw new Error('small-program: dpor did not finish');
  return { result, hung };
}

function oracle(machine: Machine, seen: Set<string>): Set<string> {
  const keys = new Set<string>();
  const { complete } = dfs(
    machine,
    ({ events }) => {
      keys.add(traceKey(events));
      for (const finding of machine.findings) seen.add(finding.headline(telling));
      return false;
    },
    {
      executionsMax: EXECUTIONS_MAX,
      restarted: () => {
        keys.clear();
        seen.clear();
      },
    },
  );
  if (!complete) throw new Error('small-program: the depth-first search was not complete');
  return keys;
}

/** Explores a program; throws when dpor and depth-first search disagree on its traces. */
export function agree<W>(definition: TestProgram<W>): Seen {
  const program = programOf(definition);
  const listener = new Listener();
  const { fair = false } = definition;
  const options = { monitors: [listener], reorders: 'never', fair } as const;
  const machine = new Machine(program, options);
  const expectedFindings = new Set<string>();
  const expected = oracle(machine, expectedFindings);
  const warm: string[] = [];
  const findings = new Set<string>();
  explore(machine, warm, findings); // the same machine, as a trace's key contains the numbers of its tasks
  const missing = [...expected].filter((key) => !warm.includes(key));
  const extra = warm.filter((key) => !expected.has(key));
  const twice = warm.length - new Set(warm).size;
  if (missing.length + extra.length + twice > 0) {
    throw new Error(
      `small-program: dpor misses ${missing.length} of ${expected.size} traces, has ${extra.length} too many and ${twice} twice\n` +
        [...missing.slice(0, 3), '--', ...extra.slice(0, 3)].join('\n'),
    );
  }
  if ([...expectedFindings].sort().join('\n') !== [...findings].sort().join('\n')) {
    throw new Error('small-program: dpor and depth-first search find different things');
  }
  const fresh = new Machine(program, options);
  const { result, hung } = explore(fresh, [], findings);
  return seenOf(result, hung, listener, findings);
}

/** Explores a program with dpor alone, if it is too large for the oracle. */
export function survey<W>(definition: TestProgram<W>): Seen {
  const listener = new Listener();
  const findings = new Set<string>();
  const machine = new Machine(programOf(definition), { monitors: [listener], reorders: 'never' });
  const { result, hung } = explore(machine, [], findings);
  return seenOf(result, hung, listener, findings);
}

function seenOf(
  { executions, surplus, blocked }: DporResult,
  hung: number,
  listener: Listener,
  findings: ReadonlySet<string>,
): Seen {
  return {
    executions,
    surplus,
    blocked,
    hung,
    complaints: [...listener.heard].sort(),
    findings: [...findings].sort(),
  };
}
