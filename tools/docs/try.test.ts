import * as k from '../../lib/kernel';
import { dfs, dpor, traceKey } from '../../lib/explore';
import { Machine, type Program } from '../../lib/machine';
import { allMonitors, kcsan } from '../../lib/sanitize';
import { programOf } from '../../lib/explore/testing/paper';
const x = k.DEFINE_ATOMIC('x',0), y = k.DEFINE_ATOMIC('y',0), z = k.DEFINE_ATOMIC('z',0);
const m = k.DEFINE_MUTEX('m'), n = k.DEFINE_MUTEX('n');
const s = k.DEFINE_SPINLOCK('s');
const data = k.static_var('data', 0), flag = k.static_var('flag', 0);
const items = k.static_var('items', 0);
const c = k.DECLARE_COMPLETION ? k.DECLARE_COMPLETION('c') : null;
const order = (events) => events.map(({task, nth}) => 'ABCDE'[task-1] + (nth+1)).join(' ');
function see(name, p: Program, monitors = () => []) {
  const a = [], b = []; let hung = 0; const found = new Set();
  const r0 = dfs(new Machine(p, {monitors: monitors()}), ({events}) => { a.push(order(events)); return false; }, {restarted(){a.length=0}});
  const r1 = dpor(new Machine(p, {monitors: monitors()}), ({machine, events}) => { b.push(order(events)); if (machine.tasks.some(t => t?.done === false)) hung++; for (const f of machine.findings) found.add(f.kind); return false; }, {restarted(){b.length=0; hung=0; found.clear()}});
  console.log(name, r0.executions, JSON.stringify(r1), 'hung', hung, [...found], a.length < 12 ? a : '', b);
}
it('x', () => {
  see('three', programOf([() => k.atomic_set(x,1), function*(){ yield* k.atomic_set(y,1); yield* k.atomic_read(x);} ]));
  see('paper', programOf([() => k.atomic_set(x,1), function*(){ yield* k.atomic_read(y); yield* k.atomic_read(x);}, function*(){ yield* k.atomic_read(z); yield* k.atomic_read(x);} ]));
  see('abba', programOf([function*(){ yield* k.mutex_lock(m); yield* k.mutex_lock(n); yield* k.mutex_unlock(n); yield* k.mutex_unlock(m);}, function*(){ yield* k.mutex_lock(n); yield* k.mutex_lock(m); yield* k.mutex_unlock(m); yield* k.mutex_unlock(n);} ]));
  see('lock', programOf([function*(){ yield* k.spin_lock(s);  yield* k.spin_unlock(s);}, function*(){ yield* k.spin_lock(s); yield* k.spin_unlock(s);} ]));
  see('mp relaxed', programOf([function*(){ yield* k.mayFail('nothing'); data.value = 42; yield* k.WRITE_ONCE(flag,'value',1);}, function*(){ if (yield* k.READ_ONCE(flag,'value')) data.value; } ]), () => [kcsan()]);
  see('mp rel', programOf([function*(){ yield* k.mayFail('nothing'); data.value = 42; yield* k.smp_store_release(flag,'value',1);}, function*(){ if (yield* k.smp_load_acquire(flag,'value')) data.value; } ]), () => [kcsan()]);
  see('mp rel no op', programOf([function*(){ data.value = 42; yield* k.smp_store_release(flag,'value',1);}, function*(){ if (yield* k.smp_load_acquire(flag,'value')) data.value; } ]), () => [kcsan()]);
  see('foresight', programOf([function*(){ yield* k.atomic_set(x, 1); data.value = 1; }, function*(){ if ((yield* k.atomic_read(x)) === 0) flag.value; else data.value; }, function*(){ yield* k.atomic_read(y); flag.value = 1; } ]));
  see('store', programOf([function*(){ data.value = 1; }, function*(){ data.value = 2; } ]));
  see('fail', { boot(machine){ machine.failures.set('kmalloc', 1); programOf([function*(){ (yield* k.mayFail('kmalloc')) ; yield* k.atomic_inc(x);}, function*(){ yield* k.atomic_inc(x);}]).boot(machine);} });
  see('sb', programOf([function*(){ yield* k.atomic_set(x,1); yield* k.atomic_read(y);}, function*(){ yield* k.atomic_set(y,1); yield* k.atomic_read(x);} ]));
  see('lost', programOf([0,1].map(() => function*(){ const v = yield* k.atomic_read(x); yield* k.atomic_set(x, v+1);})));
});
