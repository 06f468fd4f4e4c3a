// SPDX-License-Identifier: GPL-2.0-only
/** A client that tells two drivers apart is found, the smallest there is; of two that behave alike none is. */
import path from 'node:path';
import ts from 'typescript';
import { loadSource, readKata, readKatas } from '../../../../lib/kata/files';
import { answerFile, applied, baseText } from '../../../answers/files';
import { repositoryRoot } from '../../katas';
import { clientOf } from './calls';
import { type Compared, hunt } from './differ';
import { outcomesOf } from './outcomes';
import { programs } from './programs';
import { programText, suiteText } from './text';

const root = repositoryRoot();
const SMALL = { calls: 3, larger: 0 };

function driverOf(id: string, name: string): Readonly<Record<string, unknown>> {
  const { manifest } = readKata(path.join(root, 'katas', id));
  const [kind, answer = ''] = name.split('/');
  const text =
    kind === 'wrong' || kind === 'right'
      ? applied(root, manifest, answerFile(root, id, kind, answer)).text
      : baseText(root, manifest, 'solution');
  const loaded = loadSource(text, manifest, manifest.driver);
  if (!loaded.ok) throw new Error(loaded.problems.join());
  return loaded.driver;
}

/** Two answers to a kata, and how they are called. */
function compared(id: string, one: string, other: string): Compared {
  const { manifest } = readKata(path.join(root, 'katas', id));
  const [a, b] = [driverOf(id, one), driverOf(id, other)];
  const client = clientOf(manifest.driver, a);
  if (client === null) throw new Error(`there are no clients of ${manifest.driver}`);
  return { file: manifest.driver, client, a, b };
}

it('finds two readers at once, where readers change the count', () => {
  const { difference } = hunt(compared('00-lost-update', 'solution', 'wrong/reader-drains'), SMALL);
  expect(difference?.onlyA).toEqual(['a: 0; b: 0; check: 0']);
  expect(difference?.onlyB).toEqual(['a: 0; b: 0; check: 0; data-race']);
});

it('drops the calls of a drawn program that are not needed', () => {
  const both = compared('00-lost-update', 'solution', 'wrong/reader-drains');
  const { difference, tried } = hunt(both, { calls: 1, larger: 50 });
  expect(tried).toBeGreaterThan(2);
  expect(difference?.onlyB).toEqual(['a: 0; b: 0; check: 0; data-race']);
});

it('finds nothing where two count alike', () => {
  expect(hunt(compared('00-lost-update', 'solution', 'right/mutex'), SMALL)).toEqual({
    difference: null,
    tried: 29,
    unfinished: 0,
  });
});

it('finds a map that meets the last unmap, where the count is read first', () => {
  const { difference } = hunt(
    compared('01-rbd-put-client', 'solution', 'wrong/count-read-first'),
    SMALL,
  );
  expect(difference?.onlyA).toEqual([]);
  expect(difference?.onlyB.some((outcome) => outcome.includes('refcount'))).toBe(true);
});

it('counts tasks in another order once, and goes from small to large', () => {
  const all = [...programs(2, 2)].filter(({ failing }) => !failing).map(({ tasks }) => tasks);
  expect(all).toEqual([
    [[0]],
    [[1]],
    [[0, 0]],
    [[0, 1]],
    [[1, 0]],
    [[1, 1]],
    [[0], [0]],
    [[0], [1]],
    [[1], [1]],
  ]);
});

const katas = readKatas(path.join(root, 'katas'));

it.each(katas.map((kata) => [kata.manifest.id, kata] as const))(
  '%s has clients, whose calls find nothing wrong with its solution',
  (id) => {
    const { client, a } = compared(id, 'solution', 'solution');
    for (const program of programs(client.calls.length, 1)) {
      const outcomes = outcomesOf(client, a, program);
      expect(outcomes).not.toBeNull();
      for (const outcome of outcomes?.lines ?? []) {
        expect({ program, outcome }).toEqual({
          program,
          outcome: expect.stringMatching(/^a: [^;]*; check: [^;]*$|waits for ever$/) as string,
        });
      }
    }
  },
);

it('prints suites that have the right types', () => {
  const texts = katas.map(({ manifest: { id }, path: folder }) => {
    const { file, client } = compared(id, 'solution', 'solution');
    const every = { tasks: [client.calls.map((_, call) => call)], failing: true };
    const text = programText(
      client,
      every,
      (call) => `expect_true(['0'].includes(String(${call})), 'a')`,
    );
    return [path.join(folder, 'differ.ts'), suiteText(file, text)] as const;
  });
  expect(typeProblems(new Map(texts))).toEqual([]);
});

/** What the compiler says of texts as if they were files of this repository. */
function typeProblems(texts: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (name) =>
    ts.sys.readFile(name),
  ) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const withTexts: ts.CompilerHost = {
    ...host,
    fileExists: (name) => texts.has(name) || host.fileExists(name),
    readFile: (name) => texts.get(name) ?? host.readFile(name),
    getSourceFile(name, version) {
      const text = texts.get(name);
      if (text === undefined) return host.getSourceFile(name, version);
      return ts.createSourceFile(name, text, version);
    },
  };
  const rootNames = [...texts.keys()];
  const program = ts.createProgram({ rootNames, options, host: withTexts });
  return rootNames.flatMap((name) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(name)).map((problem) => {
      const { line } = ts.getLineAndCharacterOfPosition(
        problem.file as ts.SourceFile,
        problem.start ?? 0,
      );
      const text = texts.get(name)?.split('\n')[line] ?? '';
      return `${path.relative(root, name)}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}: ${text}`;
    }),
  );
}
