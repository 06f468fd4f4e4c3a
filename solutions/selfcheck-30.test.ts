// SPDX-License-Identifier: GPL-2.0-only
import { selfcheck } from '../tools/selfcheck/selfcheck';

// In several files, so that all cores have something to do.
selfcheck(30, 99);
