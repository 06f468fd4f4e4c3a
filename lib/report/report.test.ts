// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { dpor } from '../explore/dpor';
import type { Execution } from '../explore/explorer';
import { certificateText } from '../explore/minimise';
import { replay } from '../explore/replay';
import { type Failure, failureOf, witness } from '../explore/witness';
import { Gravity, Machine, type Monitor, type Op, type Program, type Replay } from '../machine';
import { allMonitors, complaints, hungTask } from '../sanitize';
import { renderReport } from './report';
import { tellingOf } from './telling';
import { NBD, RBD } from './testing/drivers';
import { type Body, load } from './testing/load';

const rbd = load('katas/01-rbd-put-client/rbd.ts', RBD);

function machineOf(
  tasks: Record<string, Body>,
  monitors: readonly Monitor[],
  boot?: () => Op<unknown>,
): Machine {
  const program: Program = {
    boot(machine) {
      if (boot !== undefined) machine.runNow(boot());
      for (const [comm, body] of Object.entries(tasks)) machine.spawn(comm, body);
    },
  };
  return new Machine(program, { monitors });
}

function failureIn(machine: Machine): { failure: Failure | null; executions: number } {
  let failure: Failure | null = null;
  const visit = (execution: Execution): boolean => (failure = failureOf(execution)) !== null;
  const { executions } = dpor(machine, visit, { executionsMax: 2000 });
  return { failure, executions };
}

/** Explores until something fails, minimises that and reports it; then replays the schedule on another machine. */
function reportOf(make: () => Machine, full = false): string {
  const machine = make();
  const { failure, executions } = failureIn(machine);
  if (failure === null) throw new Error('the program did not fail');
  const shown = witness(machine, failure);
  const { schedule, minimised } = shown;
  const render = (run: Replay): string =>
    renderReport({
      finding: run.finding ?? shown.finding,
      telling: tellingOf(),
      replay: run,
      exploration: { executions },
      ...(minimised === null ? {} : { certificate: certificateText(minimised) }),
      command: `npx kata replay 01 '${schedule}'`,
      full,
    });
  const text = render(shown.replay);
  expect(render(replay(make(), schedule, { tracing: true }))).toBe(text);
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  if (!full) expect(text.split('\n').length).toBeLessThanOrEqual(60);
  return text;
}

const rbdMachine = (monitors: readonly Monitor[]): Machine =>
  machineOf(
    { 'rbd-put': rbd('rbd_put_client'), 'rbd-get': rbd('rbd_get_client') },
    monitors,
    rbd('boot'),
  );

const nbd = load('katas/14-nbd-del-gendisk/nbd.ts', NBD);

const BOOT_FINDING = {
  kind: 'bug',
  gravity: Gravity.Memory,
  headline: (): string => 'kernel BUG at boot!',
  body: (): string[] => [`${'a very long line '.repeat(12)}.`],
};

describe('report', () => {
  it('tells the rbd race as KASAN sees it', () => {
    expect(reportOf(() => rbdMachine(allMonitors()))).toMatchInlineSnapshot(`
      "BUG: KASAN: slab-use-after-free in rbd_get_client
      ==================================================================
      Write of size 4 at addr rbd_client#1.id by task rbd-get/102
      Nothing orders this access before the free of rbd_client#1 by task rbd-put/101: it came first here,
          but need not.

      CPU: 2 PID: 102 Comm: rbd-get
      Call Trace:
       rbd_get_client rbd.ts:37

      Allocated by task 100:
       boot rbd.ts:8

      Freed by task 101:
       rbd_client_release rbd.ts:20
       rbd_put_client rbd.ts:24

      The buggy address belongs to the object rbd_client#1
       which belongs to the cache rbd_client of size 24
      The buggy address is located in field id of object
      ==================================================================

      interleaving, top first, with lines of rbd.ts; <-- is part of the bug:
       CPU 1: rbd-put (A)                              | CPU 2: rbd-get (B)
       ------------------                              | ------------------
            rbd_put_client()                           |
         24   kref_put(rbd_client#1.kref) 1 -> 0       |
                                                       |      rbd_get_client()
                                                       |   33   spin_lock(node_lock)
                                                       |   34   __rbd_client_find()
                                                       |   28     list_for_each_entry(rbd_client_list)
                                                       |   35   kref_get(rbd_client#1.kref) 0 -> saturated
                                                       |   36   spin_unlock(node_lock)
                                                       |   37   updates rbd_client#1.id 0 -> 1 <--
                rbd_client_release()                   |
         17       spin_lock(node_lock)                 |
         18       list_del(rbd_client#1.node)          |
         19       spin_unlock(node_lock)               |
         20       kfree(rbd_client#1)                  |
                    <-- slab-use-after-free            |

      also in this interleaving: refcount
      explored 2 interleavings
      this is the shortest failure found: 1 preemption; every schedule without one passes
      replay it: npx kata replay 01 'A2 B4 A3'"
    `);
  });

  it('tells a deadlock, with what everybody waits for', () => {
    const make = (): Machine =>
      machineOf({ 'nbd-disc': nbd('nbd_put'), 'nbd-open': nbd('nbd_open') }, [hungTask()]);
    expect(reportOf(make)).toMatchInlineSnapshot(`
      "INFO: task nbd-disc:101 blocked for more than 122 seconds.
      ==================================================================
      INFO: task nbd-disc:101 is blocked on mutex open_mutex likely owned by task nbd-open:102.
      task:nbd-disc        state:D pid:101
      Call Trace:
       nbd_dev_remove nbd.ts:15
       nbd_put nbd.ts:10

      INFO: task nbd-open:102 blocked for more than 122 seconds.
      INFO: task nbd-open:102 is blocked on mutex nbd_index_mutex likely owned by task nbd-disc:101.
      task:nbd-open        state:D pid:102
      Call Trace:
       nbd_open nbd.ts:20

      deadlock: nbd-disc/101 waits for nbd-open/102 waits for nbd-disc/101

      Showing all locks held in the system:
      1 lock held by nbd-disc/101:
       #0: nbd_index_mutex (nbd_index_mutex){+.+.}-{3:3}, at: nbd_put
      1 lock held by nbd-open/102:
       #0: open_mutex (open_mutex){+.+.}-{3:3}, at: nbd_open

      interleaving, top first, with lines of nbd.ts; <-- is part of the bug:
       CPU 1: nbd-disc (A)                         | CPU 2: nbd-open (B)
       -------------------                         | -------------------
            nbd_put()                              |
          9   atomic_dec_and_mutex_lock(refs)      |
          9     mutex_lock(nbd_index_mutex) <--    |
          9     atomic_dec_and_test(refs) 1 -> 0   |
                                                   |      nbd_open()
                                                   |   19   mutex_lock(open_mutex) <--
                                                   |   20   mutex_lock(nbd_index_mutex) <-- waits for ever
         10   nbd_dev_remove()                     |
         15     mutex_lock(open_mutex)             |
                  <-- waits for ever               |

      explored 2 interleavings
      this is the shortest failure found: 1 preemption; every schedule without one passes
      replay it: npx kata replay 01 'A4 B2'"
    `);
  });

  it('leaves out what matters least when there is too much', () => {
    const make = (): Machine =>
      machineOf({ stat: nbd('nbd_stat'), open: nbd('nbd_open'), other: nbd('nbd_open') }, [
        complaints(),
      ]);
    expect(reportOf(make)).toMatchInlineSnapshot(`
      "kernel BUG at nbd.ts:33!
      ==================================================================
      invalid opcode: 0000 [#1] PREEMPT SMP
      CPU: 1 PID: 101 Comm: stat
      Call Trace:
       nbd_stat nbd.ts:33
      ---[ end trace ]---

      interleaving, top first, with lines of nbd.ts:
       CPU 1: stat (A)                          | CPU 2: open (B)
       ---------------                          | ---------------
            nbd_stat()                          |
            ... 27 steps                        |
         29   kfree(stats#14)                   |
         31   reads nbd_total_devices.value = 0 |
                                                |      nbd_open()
                                                |   19   mutex_lock(open_mutex)
                                                |   20   mutex_lock(nbd_index_mutex)
                                                |   21   updates nbd_total_devices.value 0 -> 1
                                                |   22   mutex_unlock(nbd_index_mutex)
                                                |   23   mutex_unlock(open_mutex)
         32   nbd_note()                        |
         36     atomic_read(refs) = 1           |
         33   reads nbd_total_devices.value = 1 |
         33   BUG_ON() <-- bug                  |
      (27 steps omitted, see npx kata replay 01 'A29 B5 A1' --full)

      explored 3 interleavings
      this is the shortest failure found: 1 preemption; every schedule without one passes
      replay it: npx kata replay 01 'A29 B5 A1'"
    `);
    const full = reportOf(make, true);
    expect(full).not.toContain('omitted');
    expect(full.match(/kfree/g)).toHaveLength(14);
  });

  it('puts more than four tasks into one column', () => {
    const open = nbd('nbd_open');
    const make = (): Machine =>
      machineOf({ put: nbd('nbd_put'), a: open, b: open, c: open, d: open }, [hungTask()]);
    expect(reportOf(make)).toMatchInlineSnapshot(`
      "INFO: task put:101 blocked for more than 122 seconds.
      ==================================================================
      INFO: task put:101 is blocked on mutex open_mutex likely owned by task a:102.
      task:put             state:D pid:101
      Call Trace:
       nbd_dev_remove nbd.ts:15
       nbd_put nbd.ts:10

      INFO: task a:102 blocked for more than 122 seconds.
      INFO: task a:102 is blocked on mutex nbd_index_mutex likely owned by task put:101.
      task:a               state:D pid:102
      Call Trace:
       nbd_open nbd.ts:20

      INFO: task b:103 blocked for more than 122 seconds.
      INFO: task b:103 is blocked on mutex open_mutex likely owned by task a:102.
      task:b               state:D pid:103
      Call Trace:
       nbd_open nbd.ts:19

      INFO: task c:104 blocked for more than 122 seconds.
      INFO: task c:104 is blocked on mutex open_mutex likely owned by task a:102.
      task:c               state:D pid:104
      Call Trace:
       nbd_open nbd.ts:19

      INFO: task d:105 blocked for more than 122 seconds.
      INFO: task d:105 is blocked on mutex open_mutex likely owned by task a:102.
      task:d               state:D pid:105
      Call Trace:
       nbd_open nbd.ts:19

      deadlock: put/101 waits for a/102 waits for put/101
      (6 lines omitted, see npx kata replay 01 'A4 B2 C1 D1 E1' --full)

      interleaving, top first, with lines of nbd.ts; <-- is part of the bug:
       A = put on CPU 1; B = a on CPU 2; C = b on CPU 3; D = c on CPU 4; E = d on CPU 5
       A    9   atomic_dec_and_mutex_lock(refs)
       A    9     mutex_lock(nbd_index_mutex) <--
       A    9     atomic_dec_and_test(refs) 1 -> 0
       B      nbd_open()
       B   19   mutex_lock(open_mutex) <--
       B   20   mutex_lock(nbd_index_mutex) <-- waits for ever
       C      nbd_open()
       C   19   mutex_lock(open_mutex) <-- waits for ever
       D      nbd_open()
       D   19   mutex_lock(open_mutex) <-- waits for ever
       E      nbd_open()
       E   19   mutex_lock(open_mutex) <-- waits for ever
       A   10   nbd_dev_remove()
       A   15     mutex_lock(open_mutex) <-- waits for ever

      explored 25 interleavings
      this is the shortest failure found: 1 preemption; every schedule without one passes
      replay it: npx kata replay 01 'A4 B2 C1 D1 E1'"
    `);
  });

  it('tells a failed allocation', () => {
    const make = (): Machine => {
      const machine = machineOf({ null: nbd('nbd_null') }, [complaints()]);
      machine.failures.set('kzalloc', 1);
      return machine;
    };
    expect(reportOf(make)).toMatchInlineSnapshot(`
      "BUG: kernel NULL pointer dereference in nbd_null
      ==================================================================
      #PF: supervisor write access in kernel mode: NULL->opened
      CPU: 1 PID: 101 Comm: null
      Call Trace:
       nbd_null nbd.ts:40

      interleaving, top first, with lines of nbd.ts:
       CPU 1: null (A)
       ---------------
            nbd_null()
         39   kzalloc(stats) fails
         40   stops here <-- null-deref

      explored 2 interleavings; this is the shortest failure found: no preemption is needed
      replay it: npx kata replay 01 'A1 A!1'"
    `);
  });

  it('tells what went wrong before any task ran, without an interleaving', () => {
    const finding = { ...BOOT_FINDING, task: null, step: 0 };
    const make = (): Machine =>
      new Machine({
        boot(machine) {
          machine.spawn('open', nbd('nbd_open'));
          machine.report(finding);
        },
      });
    expect(reportOf(make)).toMatchInlineSnapshot(`
      "kernel BUG at boot!
      ==================================================================
      a very long line a very long line a very long line a very long line a very long line a very long
          line a very long line a very long line a very long line a very long line a very long line a very
          long line .

      explored 1 interleaving; this is the shortest failure found: no preemption is needed
      replay it: npx kata replay 01 ''"
    `);
  });

  it('says the same of a schedule on any machine', () => {
    const tasks = fc.array(fc.constantFrom('nbd_put', 'nbd_open', 'nbd_stat', 'nbd_null'), {
      minLength: 1,
      maxLength: 3,
    });
    let failing = 0;
    fc.assert(
      fc.property(tasks, fc.boolean(), (names, fails) => {
        const make = (): Machine => {
          const bodies = names.map((name, i): [string, Body] => [`${name}-${i}`, nbd(name)]);
          const machine = machineOf(Object.fromEntries(bodies), allMonitors());
          if (fails) machine.failures.set('kzalloc', 1);
          return machine;
        };
        const { failure } = failureIn(make());
        if (failure === null || failure.finding.gravity === Gravity.LockOrder) return;
        failing++;
        reportOf(make);
      }),
      { numRuns: 25 },
    );
    expect(failing).toBeGreaterThan(5);
  });
});
