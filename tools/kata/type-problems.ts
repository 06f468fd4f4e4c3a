// SPDX-License-Identifier: GPL-2.0-only
/** Type errors of drivers, with the library and the compiler's declarations from the disk. */
import path from 'node:path';
import ts from 'typescript';
import { DriverTypes, type TypeFiles } from './driver-types';
import type { TypeProblem } from './type-problem';

/** Type errors of each file, found once. */
export function typeProblems(
  root: string,
  files: readonly string[],
): ReadonlyMap<string, readonly TypeProblem[]> {
  const texts = files.map((file) => [file, ts.sys.readFile(file) ?? ''] as const);
  return driverTypes(root).problems(new Map(texts));
}

/** A compiler that is kept; `stricter` asks for more than a learner's driver must keep to. */
export function driverTypes(root: string, stricter: ts.CompilerOptions = {}): DriverTypes {
  return new DriverTypes(diskFiles(root), stricter);
}

function diskFiles(root: string): TypeFiles {
  const standard = path.dirname(ts.getDefaultLibFilePath({}));
  const folders = [path.join(root, 'lib'), path.resolve(standard)];
  const inside = (name: string): boolean =>
    folders.some((folder) => path.resolve(name).startsWith(folder + path.sep));
  const config = path.join(root, 'tsconfig.json');
  return {
    root: root.split(path.sep).join('/'),
    standard: standard.split(path.sep).join('/'),
    has: (name) => inside(name) && ts.sys.fileExists(name),
    read: (name) =>
      inside(name) || path.resolve(name) === config ? ts.sys.readFile(name) : undefined,
  };
}
