// SPDX-License-Identifier: GPL-2.0-only
import { kataTest } from '#lib/kata/jest';

kataTest(__dirname);
