// SPDX-License-Identifier: GPL-2.0-only
/** The exports of the library that a driver may import. */
import { LIB_EXPORTS } from './files';
import { SCENARIO_EXPORTS } from './lib-names';
import { linkSource } from './linking';

it.each(SCENARIO_EXPORTS)('refuses a driver that imports %s, which is for scenarios', (name) => {
  const source = `import {\n  ${name},\n} from '#lib';\nexport const it = ${name};\n`;
  const linked = linkSource(source, 'driver.ts', [], LIB_EXPORTS);
  expect(linked).toEqual({
    ok: false,
    problems: [
      `driver.ts:2:3: '${name}' is for scenarios; a driver cannot look at the machine, only at what the kernel tells it (import)`,
    ],
  });
});
