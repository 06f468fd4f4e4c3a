// SPDX-License-Identifier: GPL-2.0-only
export const root: string;
export function binOf(name: string): string;
export function editedKatas(): string[];
export function filesEnding(endings: readonly string[]): string[];
export function treeProblems(): { files: number; types: string[]; lint: string[] };
export function formatProblems(): string[];
export function problemsOfFiles(files: readonly string[]): string[];
export function summary(problems: readonly string[], linesMax?: number): string;
