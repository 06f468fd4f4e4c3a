// SPDX-License-Identifier: GPL-2.0-only
/** Callbacks: what queues them, the task of each, and what waits for them. The engine under call_rcu() and call_srcu(). */
import {
  type Branded,
  composite,
  type Embeddable,
  embeddable,
  functionName,
  type Kind,
  type Machine,
  makeHandle,
  objectOf,
  type Op,
  request,
  SyncObject,
  type Task,
  writing,
} from '../machine';
import {
  begin,
  beginning,
  type Begun,
  type Callback,
  type Domain,
  end,
  ending,
  type Log,
  newCallback,
  RAN,
  Waiting,
} from './rcu-state';

/** Queues a callback. Embed it as `rcu: rcu_head` in the object that the callback is for. */
export interface rcu_head extends Branded<'rcu_head', Head> {}

/** What is behind an rcu_head. */
export class Head extends SyncObject {
  readonly typeName = 'rcu_head';
  readonly handle: rcu_head = makeHandle(this);

  protected override reset(): void {
    super.reset();
    this.active = this.hint = '';
  }
}

/** Type of an rcu_head member of a structure. Needs no initialisation. */
export const rcu_head: Embeddable<rcu_head> = embeddable('rcu_head', () => new Head());

/** Called in atomic context after the grace period; it finds the object with container_of(). */
export type rcu_callback_t = (head: rcu_head) => Op<unknown>;

const RUN: Kind<Head, [log: Log | null, begun: Begun], void> = {
  name: 'rcu_do_batch',
  access: 'write',
  extra: ({ a: log }) => ending(log),
  perform(machine, _task, { object: head, b: begun }) {
    head.active = head.hint = '';
    end(machine, begun);
  },
};

const batch = new Waiting('rcu_do_batch');

/** What the task of a callback is given. */
interface Queued {
  readonly domain: Domain;
  readonly log: Log | null;
  readonly begun: Begun;
  readonly callback: Callback;
  readonly head: Head;
  readonly func: rcu_callback_t;
}

/** The task that runs a callback. */
function* callbackTask({ domain, log, begun, callback, head, func }: Queued): Op<void> {
  yield* batch.sections(domain, begun);
  yield* request(RUN, head, log, begun);
  yield* func(head.handle);
  yield* request(RAN, callback);
}

/** Queues a callback. Its grace period begins immediately: any later one would only end later. It is logged if there is a log. */
export function caller(
  name: string,
  log: Log | null,
): Kind<Domain, [head: rcu_head, func: rcu_callback_t], void> {
  return {
    name,
    access: 'write',
    extra: ({ a }) => [...beginning(log), writing(objectOf(a).base)],
    perform(machine, task, { object: domain, a, b: func, site }) {
      const head = objectOf(a);
      head.fresh();
      machine.marked(head, 0, true, site);
      if (head.active === '') queueCallback(machine, task, domain, log, { head, func });
      else {
        const message = `${name}(): Double-freed CB ${head.label}->${head.hint}()!!!`;
        machine.complain({ check: 'warn', message, object: head, site });
      }
    },
  };
}

/** Queues a callback; the step is one that may begin a grace period, as `beginning` says. */
export function queueCallback(
  machine: Machine,
  task: Task,
  domain: Domain,
  log: Log | null,
  { head, func }: Pick<Queued, 'head' | 'func'>,
): void {
  head.active = 'rcu_head';
  head.hint = functionName(func);
  const begun = begin(machine, task, domain, log);
  const callback = newCallback(machine, task, domain, head);
  const queued = { domain, log, begun, callback, head, func };
  machine.spawn('ksoftirqd', () => callbackTask(queued), 'rcu');
}

/** Waits for all callbacks of a domain that are queued when it begins. */
export function barrier(name: string): (domain: Domain) => Op<void> {
  const start: Kind<Domain, [], Callback[]> = {
    name,
    access: 'read',
    announce: (machine, task, { site }) => machine.mightSleep(task, name, site),
    perform: (_machine, _task, { object }) => object.callbacks.slice(),
  };
  const waiting = new Waiting(name);
  function* steps(domain: Domain): Op<void> {
    yield* waiting.callbacks(yield* request(start, domain));
  }
  return (domain) => composite(name, steps(domain));
}
