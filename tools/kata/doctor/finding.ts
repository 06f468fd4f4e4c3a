// SPDX-License-Identifier: GPL-2.0-only
/** What an examination comes to. */
import type { Shell } from '../shell';

export interface DoctorFinding {
  readonly about: string;
  /** 'note': it works, but not everything does. */
  readonly state: 'ok' | 'note' | 'bad';
  readonly says: string;
  /** What to do; null where nothing needs to be done. */
  readonly remedy: string | null;
}

export type Examination = (shell: Shell) => DoctorFinding | Promise<DoctorFinding>;

export function ok(about: string, says: string): DoctorFinding {
  return { about, state: 'ok', says, remedy: null };
}

export function note(about: string, says: string, remedy: string): DoctorFinding {
  return { about, state: 'note', says, remedy };
}

export function bad(about: string, says: string, remedy: string): DoctorFinding {
  return { about, state: 'bad', says, remedy };
}
