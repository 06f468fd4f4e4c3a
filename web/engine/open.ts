// SPDX-License-Identifier: GPL-2.0-only
/** Opens a driver: links it, runs its file scope in the realm, and makes its scenarios. Loaded once the realm is locked. */
import * as driverLib from '../../lib/driver-lib';
import { linkSource } from '../../lib/kata/linking';
import { startDriver } from '../../lib/kata/starting';
import type { Scenario } from '../../lib/scenario/scenario';
import type { Realm } from '../../tools/grade/sandbox/lock';
import { told } from '../../tools/kata/scenario-runs';
import { type KataData, suiteOf } from './suites';

/** What drivers are evaluated with, and the site's own scenarios. */
export interface Host {
  readonly realm: Realm;
  readonly evaluateOwn: (code: string) => unknown;
}

/** A driver of which there are scenarios. */
export interface OpenDriver {
  readonly data: KataData;
  readonly source: string;
  /** Its path, as the terminal names it. */
  readonly shown: string;
  readonly scenarios: readonly Scenario[];
}

/** A driver that was refused; the sentences say why. */
export class Refused extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems[0] ?? 'this is not a driver');
  }
}

/** What messages call the driver of a kata: the learner's own file in a clone. */
function shownName({ manifest }: KataData): string {
  return `katas/${manifest.id}/${manifest.driver}`;
}

/** Opens a text as the driver of a kata. Throws Refused. */
export function openDriver(data: KataData, source: string, host: Host): OpenDriver {
  const shown = shownName(data);
  if (source.trim() === '') throw new Refused([`${shown}:1:1: this file is empty`]);
  const linked = linkSource(source, shown, data.manifest, Object.keys(driverLib));
  const started = linked.ok ? startDriver(linked, shown, host.realm.evaluate) : linked;
  if (!started.ok) throw new Refused(started.problems);
  const suite = suiteOf(data, host.evaluateOwn);
  try {
    return { data, source, shown, scenarios: suite.scenarios(started.driver) };
  } catch (error) {
    const sentence = `the scenarios cannot use what this file exports: ${told(error).message}`;
    throw new Refused([`${shown}:1:1: ${sentence}`]);
  }
}
