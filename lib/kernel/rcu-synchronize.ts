// SPDX-License-Identifier: GPL-2.0-only
/** Waiting for a grace period: the engine under synchronize_rcu() and synchronize_srcu(). */
import { composite, type Kind, type Op, request } from '../machine';
import { begin, beginning, type Begun, type Domain, end, type Log, Waiting } from './rcu-state';

/** Waits until the read sections of a domain that have begun are over. The grace period is logged if there is a log. */
export function synchronizer(name: string, log: Log | null): (domain: Domain) => Op<void> {
  const start: Kind<Domain, [], Begun> = {
    name,
    access: 'write',
    extra: () => beginning(log),
    announce(machine, task, { object, site }) {
      machine.mightSleep(task, name, site);
      const section = object.fresh().sectionOf(task);
      if (section === null) return;
      const message = `Illegal ${name}() in ${section} read-side critical section`;
      machine.complain({ check: 'rcu', message, object: null, site });
    },
    perform(machine, task, { object }) {
      object.assertUsable();
      return begin(machine, task, object, log);
    },
  };
  const finish: Kind<Log | null, [begun: Begun], void> = {
    name,
    access: log === null ? 'none' : 'read',
    perform: (machine, _task, { a: begun }) => end(machine, begun),
  };
  const waiting = new Waiting(name);
  function* steps(domain: Domain): Op<void> {
    const begun = yield* request(start, domain);
    yield* waiting.sections(domain, begun);
    yield* request(finish, log, begun);
  }
  return (domain) => composite(name, steps(domain));
}
