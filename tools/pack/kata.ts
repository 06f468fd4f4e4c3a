// SPDX-License-Identifier: GPL-2.0-only
/** Loads the command line once, for its pack. */
import { main } from '../kata/main';

void main(['test', '00', '--driver', 'katas/00-lost-update/tally.ts', '--no-types']);
