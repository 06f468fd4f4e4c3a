import * as k from '../../lib/kernel';
import { agree } from '../../lib/explore/testing/small-program';
const x = k.DEFINE_ATOMIC('x',0), y = k.DEFINE_ATOMIC('y',0), z = k.DEFINE_ATOMIC('z',0);
const data = k.static_var('data', 0), flag = k.static_var('flag', 0);
it('foresight abc', () => {
  console.log(agree({ tasks: { A: function*(){ yield* k.atomic_set(x, 1); data.value = 1; }, B: function*(){ if ((yield* k.atomic_read(x)) === 0) flag.value; else data.value; }, C: function*(){ yield* k.atomic_read(y); flag.value = 1; } } }));
});
it('simpler', () => {
  console.log(agree({ tasks: { A: () => k.atomic_set(x, 1), B: function*(){ if ((yield* k.atomic_read(x)) === 0) flag.value;  }, C: function*(){ yield* k.atomic_read(y); flag.value = 1; } } }));
});
it('marked C', () => {
  console.log(agree({ tasks: { A: () => k.atomic_set(x, 1), B: function*(){ if ((yield* k.atomic_read(x)) === 0) flag.value;  }, C: () => k.WRITE_ONCE(flag, 'value', 1) } }));
});
it('outcome', () => {
  // B sees flag only if it goes before A; C first, then B
  console.log(agree({ tasks: { A: () => k.atomic_set(x, 1), B: function*(){ if ((yield* k.atomic_read(x)) === 0 && flag.value === 1) k.BUG_ON(true);  }, C: () => k.WRITE_ONCE(flag, 'value', 1) } }));
});
