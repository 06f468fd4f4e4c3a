// SPDX-License-Identifier: GPL-2.0-only
/** What the workshop of a kata needs, fetched together. */
import { WorkerEngine } from '../engine/client';
import type { KataData } from '../engine/suites';
import { siteFile, told } from '../pages/page';
import type { NameList } from '../pages/types';
import type { WorkshopProps } from './workshop';

let engine: WorkerEngine | null = null;

/** The engine of this page. */
function pageEngine(): WorkerEngine {
  engine ??= newEngine();
  return engine;
}

/** Another engine: each has one driver open. */
export function newEngine(): WorkerEngine {
  return new WorkerEngine((kata) => siteFile<KataData>(`katas/${kata}/engine.json`));
}

/** Fetches what the workshop of a kata needs. */
export async function workshopData(id: string): Promise<WorkshopProps> {
  const [data, names] = await Promise.all([
    siteFile<KataData>(`katas/${id}/engine.json`),
    siteFile<NameList>('data/names.json'),
  ]);
  return { data, names, judge: told.judge, engine: pageEngine() };
}
