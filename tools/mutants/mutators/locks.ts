// SPDX-License-Identifier: GPL-2.0-only
/** Lock A for lock B in a whole function. */
import {
  callsIn,
  type Driver,
  type Fn,
  instead,
  type Mutation,
  type Mutator,
  textOf,
} from '../driver';

const LOCKING = /^(spin_|mutex_|down|up|read_|write_)(.*_)?(lock|unlock|trylock|read|write)?/;
const DECLARED = /^const (\w+) =\s+DEFINE_(SPINLOCK|MUTEX|RWLOCK|SEMAPHORE)\(/gm;

/** Takes another lock of the file. */
export const locks: Mutator = (fn, driver) => {
  const kinds = new Map([...driver.text.matchAll(DECLARED)].map(([, name, kind]) => [name, kind]));
  const taken = new Set(lockArguments(fn, driver).map(({ name }) => name));
  return [...taken].flatMap((name): Mutation[] => {
    const others = [...kinds].filter(([other, kind]) => other !== name && kind === kinds.get(name));
    return others.map(([other]) => ({
      edits: lockArguments(fn, driver)
        .filter((argument) => argument.name === name)
        .map(({ node }) => instead(node, String(other))),
    }));
  });
};

function lockArguments(fn: Fn, driver: Driver) {
  return callsIn(fn)
    .filter(({ name }) => LOCKING.test(name))
    .flatMap(({ node }) => node.arguments)
    .filter(({ type }) => type === 'Identifier')
    .map((node) => ({ node, name: textOf(driver, node) }));
}
