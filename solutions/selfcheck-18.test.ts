// SPDX-License-Identifier: GPL-2.0-only
import { selfcheck } from '../tools/selfcheck/selfcheck';

selfcheck(18, 99);
