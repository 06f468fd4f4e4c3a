// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { atomic_dec_and_test, atomic_inc, DEFINE_ATOMIC } from '../kernel/atomic';
import { mayFail } from '../kernel/may-fail';
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from '../kernel/mutex';
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from '../kernel/spinlock';
import { static_var } from '../kernel/static-var';
import {
  type Finding,
  Gravity,
  Machine,
  type Monitor,
  type Op,
  type Program,
  stackText,
} from '../machine';
import { wantedOf } from './attempts';
import { dfs } from './dfs';
import { dpor } from './dpor';
import { certificateText, minimise } from './minimise';
import { Diverged, replay } from './replay';
import { compareReplays, type Failure, failureOf, witness } from './witness';

const a = DEFINE_SPINLOCK('a');
const b = DEFINE_SPINLOCK('b');
const m = DEFINE_MUTEX('m');
const count = DEFINE_ATOMIC('count', 2);
const total = static_var('total', 0);

function found(kind: string, gravity: Gravity, machine: Machine): Finding {
  const { task, steps: step } = machine;
  return { kind, gravity, task, step, headline: () => kind, body: () => [] };
}

const hungTask: Monitor = {
  name: 'hung-task',
  end(machine) {
    if (machine.cut || machine.tasks.every((task) => task?.done !== false)) return;
    machine.report(found('deadlock', Gravity.Deadlock, machine));
  },
};

type Body = () => Op<unknown>;

function machineOf(bodies: readonly Body[], finish?: (machine: Machine) => void): Machine {
  const program: Program = {
    boot(machine) {
      machine.failures.set('disk', 1);
      bodies.forEach((body, i) => machine.spawn(`task-${i}`, body));
    },
    ...(finish === undefined ? {} : { finish }),
  };
  return new Machine(program, { monitors: [hungTask], stepsMax: 200 });
}

function firstFailure(machine: Machine, explore: typeof dfs | typeof dpor = dpor): Failure | null {
  let failure: Failure | null = null;
  explore(machine, (execution) => {
    failure ??= failureOf(execution);
    return failure !== null;
  });
  return failure;
}

const increment = (): Body =>
  function* () {
    const value = total.value;
    yield* spin_lock(a);
    yield* spin_unlock(a);
    total.value = value + 1;
  };

const lost = (): Machine =>
  machineOf([increment(), increment()], (machine) => {
    if (total.value !== 2) machine.report(found('lost-update', Gravity.Expectation, machine));
  });

const abba = (): Machine =>
  machineOf([
    function* () {
      yield* spin_lock(a);
      yield* spin_lock(b);
      yield* spin_unlock(b);
      yield* spin_unlock(a);
    },
    function* () {
      yield* spin_lock(b);
      yield* spin_lock(a);
      yield* spin_unlock(a);
      yield* spin_unlock(b);
    },
  ]);

describe('replay', () => {
  it('runs the schedule, then continues by default', () => {
    const run = replay(abba(), 'A2 B2');
    expect(run.scheduled).toBe(4);
    expect(
      run.steps.map(({ path, operation, object }) => `${path} ${operation} ${object}`),
    ).toEqual(['A start ', 'A spin_lock a', 'B start ', 'B spin_lock b']);
    expect(run.finding?.kind).toBe('deadlock');
    expect(run.waiting.map(({ letter, operation, object }) => [letter, operation, object])).toEqual(
      [
        ['A', 'spin_lock', 'b'],
        ['B', 'spin_lock', 'a'],
      ],
    );
    expect(run.steps[3]?.waits).toMatchObject({ operation: 'spin_lock', object: 'a' });
  });

  it('takes the empty schedule for the default execution', () => {
    expect(
      replay(abba(), '')
        .steps.map(({ path }) => path)
        .join(''),
    ).toBe('AAAAABBBBB');
  });

  it.each([
    ['A2 C1', 'step 3 wants C, but there is no such task'],
    ['A2 B2', 'step 4 wants B, but B is waiting in spin_lock(a)'],
    ['A4', 'step 4 wants A, but A has ended'],
    ['A2 A!1', 'step 3 wants A to choose outcome 1, but spin_unlock(a) has no such outcome'],
  ])('says where %s does not fit', (schedule, message) => {
    const body: Body = function* () {
      yield* spin_lock(a);
      yield* spin_unlock(a);
    };
    const run = (): unknown => replay(machineOf([body, body]), schedule);
    expect(run).toThrow(Diverged);
    expect(run).toThrow(`the schedule does not fit this program any more: ${message}`);
  });

  it('records outcomes of choices, plain accesses and stacks', () => {
    const machine = machineOf([
      function* () {
        if (yield* mayFail('disk')) total.value = 7;
      },
    ]);
    const run = replay(machine, 'A1 A!1', { tracing: true });
    expect(run.steps[1]).toMatchObject({ operation: 'disk', outcome: 1 });
    expect(run.steps[1]?.accesses).toMatchObject([{ object: 'total', write: true }]);
    expect(stackText(run.steps[1]?.site ?? '')).toContain('replay.test.ts');
    expect(stackText(run.steps[1]?.accesses[0]?.site ?? '')).toContain('replay.test.ts');
    expect(replay(machine, 'A2').steps[1]).toMatchObject({ outcome: 0, accesses: [], site: '' });
  });

  it('stops after the schedule on request, and judges the end only if it reaches it', () => {
    const stopped = replay(lost(), 'A1 B3', { stop: true });
    expect(stopped).toMatchObject({ scheduled: 4, finding: null, steps: { length: 4 } });
    const whole = replay(lost(), 'A1 B3 A2', { stop: true });
    expect(whole).toMatchObject({ finding: { kind: 'lost-update' }, steps: { length: 6 } });
  });

  it('calls the watcher before the first step and after each', () => {
    const seen: number[] = [];
    replay(lost(), 'A1 B3', { watch: ({ steps }) => seen.push(steps) });
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('does not count the accesses of the final check to any step', () => {
    const { steps, finding } = replay(lost(), 'A1 B3');
    expect(finding).toMatchObject({ kind: 'lost-update' });
    expect(steps.at(-1)?.accesses.map(({ write }) => write)).toEqual([true]);
  });

  it('does not depend on what the machine has learnt', () => {
    const used = lost();
    dpor(used, () => false);
    expect(replay(used, 'A1 B2')).toMatchObject({ finding: { kind: 'lost-update' } });
    expect(shown(lost(), 'A1 B2')).toEqual(shown(used, 'A1 B2'));
  });
});

function shown(machine: Machine, schedule: string): unknown {
  const run = replay(machine, schedule, { tracing: true });
  return run.steps.map((step) => ({
    ...step,
    findings: [],
    footprint: [],
    accesses: [],
    site: '',
  }));
}

describe('witness', () => {
  it('finds the one preemption a lost update needs', () => {
    const machine = lost();
    const failure = firstFailure(machine);
    if (failure === null) throw new Error('the program did not fail');
    const { schedule, minimised, finding } = witness(machine, failure);
    expect(finding.kind).toBe('lost-update');
    expect(schedule).toBe('A1 B3 A2');
    expect(minimised && certificateText(minimised)).toBe(
      '1 preemption; every schedule without one passes',
    );
    expect(replay(lost(), schedule).finding?.kind).toBe('lost-update');
  });

  it('needs no preemption where tasks block anyway', () => {
    const machine = machineOf([
      function* () {
        yield* mutex_lock(m);
        yield* mutex_lock(m);
      },
    ]);
    const failure = firstFailure(machine);
    if (failure === null) throw new Error('the program did not fail');
    const { minimised } = witness(machine, failure);
    expect(minimised?.text).toBe('A2');
    expect(minimised && certificateText(minimised)).toBe('no preemption is needed');
  });

  it.each([
    [0, 'minimal', false, 'no preemption is needed'],
    [1, 'minimal', false, '1 preemption; every schedule without one passes'],
    [2, 'minimal', false, '2 preemptions; every schedule with fewer than 2 passes'],
    [2, 'minimal', true, '2 preemptions; no schedule with fewer than 2 fails this way'],
    [
      3,
      2,
      false,
      '3 preemptions; every schedule with fewer than 2 passes, those with 2 were not all tried',
    ],
    [
      3,
      1,
      true,
      '3 preemptions; no schedule without one fails this way, those with 1 were not all tried',
    ],
    [1, 0, false, '1 preemption; schedules with fewer were not all tried'],
  ] as const)('certifies %d preemptions checked to %s', (preemptions, checked, others, text) => {
    const certificate = checked === 'minimal' ? checked : { checkedBelow: checked };
    const known = { schedule: [], text: '', preemptions, contextSwitches: 0 };
    expect(certificateText({ ...known, certificate, othersFail: others })).toBe(text);
  });

  it('says how far it checked when the steps are used up', () => {
    const machine = abba();
    const failure = firstFailure(machine);
    if (failure === null) throw new Error('the program did not fail');
    const { minimised } = witness(machine, failure, { stepsMax: 1 });
    expect(minimised?.certificate).toEqual({ checkedBelow: 0 });
  });

  it('reports a program that does not run the same way twice', () => {
    let runs = 0;
    const machine = machineOf([
      function* () {
        runs++;
        yield* spin_lock(a);
        if (runs % 2 === 1) yield* spin_lock(a);
        yield* spin_unlock(a);
      },
    ]);
    const failure = firstFailure(machine);
    if (failure === null) throw new Error('the program did not fail');
    const { finding, minimised } = witness(machine, failure);
    expect(minimised).toBeNull();
    expect(finding.kind).toBe('non-deterministic');
    expect(finding.body({ frames: () => [], where: () => '', stack: () => [] })[0]).toBe(
      'step 3: was nothing at first and spin_unlock(a) by A when run again',
    );
  });
});

/** Small programs over two locks, a counter, a plain variable and a choice. */
const statement = fc.constantFrom<Body>(
  () => spin_lock(a),
  () => spin_unlock(a),
  () => mutex_lock(m),
  () => mutex_unlock(m),
  () => atomic_inc(count),
  () => atomic_dec_and_test(count),
  function* () {
    total.value += 1;
  },
  function* () {
    const value = total.value;
    yield* atomic_inc(count);
    total.value = value + 1;
  },
  function* () {
    if (yield* mayFail('disk')) total.value = 0;
  },
);

const programs = fc.array(fc.array(statement, { minLength: 1, maxLength: 3 }), {
  minLength: 2,
  maxLength: 3,
});

function randomMachine(bodies: readonly Body[][], limit: number): Machine {
  const tasks = bodies.map((statements): Body => {
    return function* () {
      for (const one of statements) yield* one();
    };
  });
  return machineOf(tasks, (machine) => {
    if (total.value < limit) machine.report(found('too-small', Gravity.Expectation, machine));
  });
}

/** Runs every schedule by brute force and returns the fewest preemptions among those that fail as wanted. */
function fewestPreemptions(machine: Machine, kind: string): number {
  machine.startSteps = machine.exitSteps = true;
  let fewest = Infinity;
  dfs(machine, ({ events }) => {
    if (machine.gravest()?.kind !== kind) return false;
    let preemptions = 0;
    const turns = events.map(({ task, outcome }) => ({ task, outcome }));
    for (let i = 1; i < turns.length; i++) {
      const [left, right] = [turns[i - 1]?.task, turns[i]?.task];
      const later = turns.slice(i).some(({ task }) => task === left);
      if (left !== right && later && couldGoOn(machine, turns.slice(0, i), left ?? 0))
        preemptions++;
    }
    fewest = Math.min(fewest, preemptions);
    return false;
  });
  return fewest;
}

function couldGoOn(
  machine: Machine,
  turns: readonly { task: number; outcome: number }[],
  task: number,
): boolean {
  const again = new Machine(machine.program, { monitors: machine.monitors, stepsMax: 200 });
  again.startSteps = again.exitSteps = true;
  again.boot();
  for (const turn of turns) again.run(turn.task, turn.outcome);
  const enabled = again.enabled(task);
  machine.task = machine.tasks[0] ?? machine.task;
  return enabled;
}

describe('random programs', () => {
  it('give the same replay of a minimised schedule on any machine', () => {
    fc.assert(
      fc.property(programs, fc.integer({ min: 1, max: 4 }), (bodies, limit) => {
        const machine = randomMachine(bodies, limit);
        const failure = firstFailure(machine);
        if (failure === null) return;
        const { schedule, finding, replay: one } = witness(machine, failure, { stepsMax: 20_000 });
        const two = replay(randomMachine(bodies, limit), schedule);
        expect(finding.kind).toBe(failure.finding.kind);
        expect(two.finding?.kind).toBe(finding.kind);
        expect(two.steps.map(({ path, operation }) => path + operation)).toEqual(
          one.steps.map(({ path, operation }) => path + operation),
        );
        expect(compareReplays(replay(machine, schedule), replay(machine, schedule))).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  it('are minimised to what brute force finds', () => {
    const tiny = fc.array(fc.array(statement, { minLength: 1, maxLength: 2 }), {
      minLength: 2,
      maxLength: 2,
    });
    let failing = 0;
    fc.assert(
      fc.property(tiny, fc.integer({ min: 1, max: 4 }), (bodies, limit) => {
        const machine = randomMachine(bodies, limit);
        const failure = firstFailure(machine);
        if (failure === null) return;
        failing++;
        const first = witness(machine, failure);
        expect(first.minimised?.certificate).toBe('minimal');
        expect(first.minimised?.preemptions).toBe(
          fewestPreemptions(randomMachine(bodies, limit), failure.finding.kind),
        );
        // The path to the failure does not matter.
        const other = firstFailure(machine, dfs);
        const again =
          other?.finding.kind === failure.finding.kind ? witness(machine, other) : first;
        expect(again.schedule).toBe(first.schedule);
        const same = minimise(machine, again.replay.steps, wantedOf(again.finding));
        expect(same.text).toBe(first.schedule);
      }),
      { numRuns: 60 },
    );
    expect(failing).toBeGreaterThan(20);
  });
});
