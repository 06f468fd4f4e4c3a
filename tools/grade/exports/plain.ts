// SPDX-License-Identifier: GPL-2.0-only
/** What no platform made: a folder or a zip file for each student, who is called as it is. */
import { studentNamed } from '../collect/handed-in';
import { type Export, type Item, type Part, type Recognised, UNDATED } from './delivery';

/** Every item is somebody's, but for loose files. */
export function plain({ items }: Export): Recognised {
  const own = items.filter((item) => item.isFolder || isZip(item));
  const parts = own.map((item): Part => {
    const id = isZip(item) ? item.name.slice(0, -'.zip'.length) : item.name;
    const { files, path, isFolder } = item;
    const folder = isFolder ? path : null;
    return { students: [studentNamed(id)], delivery: UNDATED, files, folder };
  });
  const strays = items.filter((item) => !own.includes(item)).map(({ name }) => name);
  return { platform: '', parts, strays };
}

function isZip({ name, isFolder }: Item): boolean {
  return !isFolder && /\.zip$/i.test(name);
}
