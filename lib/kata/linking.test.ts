// SPDX-License-Identifier: GPL-2.0-only
/** What a driver may import, and what it may declare. */
import { LIB_EXPORTS } from './files';
import { SCENARIO_EXPORTS } from './lib-names';
import { linkSource } from './linking';

it.each(SCENARIO_EXPORTS)('refuses a driver that imports %s, which is for scenarios', (name) => {
  const source = `import {\n  ${name},\n} from '#lib';\nexport const it = ${name};\n`;
  const linked = linkSource(source, 'driver.ts', { exports: [] }, LIB_EXPORTS);
  expect(linked).toEqual({
    ok: false,
    problems: [
      `driver.ts:2:3: '${name}' is for scenarios; a driver cannot look at the machine, only at what the kernel tells it (import)`,
    ],
  });
});

it('refuses a static structure that the port does not have, as it never dies', () => {
  const source = `import { DEFINE_STATIC, int, struct } from '#lib';
const client = struct('client', { id: int });
const pool = DEFINE_STATIC('pool', client);
export const first = (): number => pool.id;
`;
  const linked = (statics?: readonly string[]): ReturnType<typeof linkSource> =>
    linkSource(
      source,
      'driver.ts',
      { exports: [], ...(statics === undefined ? {} : { statics }) },
      LIB_EXPORTS,
    );
  expect(linked([])).toEqual({
    ok: false,
    problems: [expect.stringContaining('driver.ts:3:14: a structure that is static never dies')],
  });
  expect(linked(['init_client']).ok).toBe(false);
  expect(linked(['pool']).ok).toBe(true);
  expect(linked().ok).toBe(true);
});
