// SPDX-License-Identifier: GPL-2.0-only
/** Where a driver is mended: the editor, what judges it, and the verdict in the words of the terminal. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatTypeProblem } from '../../tools/kata/type-problem';
import type { WorkerEngine } from '../engine/client';
import type { KataData } from '../engine/suites';
import { editedDriver, keepDriver, rememberVerdict } from '../pages/store';
import type { NameList } from '../pages/types';
import type { Editor } from './editor';
import { Judging, type Verdict } from './judging';
import { Files, LIMITS, Tools } from './tools';
import { ScenarioList, VerdictText } from './verdict';

export interface WorkshopProps {
  readonly data: KataData;
  readonly names: NameList;
  /** Names engine and scenarios, as in the state file. */
  readonly judge: string;
  readonly engine: WorkerEngine;
}

export function Workshop({ data, names, judge, engine }: WorkshopProps): JSX.Element {
  const { id, driver, title } = data.manifest;
  const [verdict, setVerdict] = useState<Verdict>({ state: 'idle' });
  const [limit, setLimit] = useState(0);
  const judging = useMemo(() => new Judging(engine, data, setVerdict), [engine, data]);
  const run = (): void => {
    const source = text();
    const executionsMax = LIMITS[limit]?.[1] ?? null;
    void judging
      .run(source, executionsMax === null ? {} : { executionsMax })
      .then(async (report) => {
        if (report === null) return;
        await rememberVerdict(id, source, judge, report.status);
        if (report.status === 'pass') document.dispatchEvent(new CustomEvent('kata:holds'));
      });
  };
  const { place, editor } = useEditor(data, names, run);
  const text = (): string => editor.current?.text() ?? data.source;
  return (
    <div class="workshop">
      <Tools
        verdict={verdict}
        limit={limit}
        setLimit={setLimit}
        run={run}
        cancel={() => {
          judging.cancel();
        }}
        checkTypes={() => void checkTypes(`katas/${id}/${driver}`, editor.current, setVerdict)}
      >
        <Files
          name={driver}
          text={text}
          shipped={data.source}
          replace={(next) => editor.current?.replace(next)}
        />
      </Tools>
      <div class="editor" ref={place} />
      <p class="small">
        Ctrl+Space completes names of <code>#lib</code>, Ctrl+Enter judges. Tab indents; Escape and
        then Tab leaves the editor. What you write is kept in this browser.
      </p>
      <ScenarioList verdict={verdict} />
      <VerdictText verdict={verdict} title={title} goTo={(line) => editor.current?.goTo(line)} />
    </div>
  );
}

/** An editor in a place of the page, which keeps what is written in the browser. */
function useEditor({ manifest, source }: KataData, names: NameList, run: () => void) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return;
    const state = { gone: false };
    void import('./editor').then(({ openEditor }) => {
      if (state.gone) return;
      editor.current = openEditor({
        parent,
        text: editedDriver(manifest.id) ?? source,
        fileName: manifest.driver,
        names,
        onChange: (text) => {
          keepDriver(manifest.id, text === source ? null : text);
          document.dispatchEvent(new CustomEvent('kata:edited'));
        },
        onRun: () => {
          latest.current();
        },
      });
    });
    return () => {
      state.gone = true;
      editor.current?.destroy();
    };
  }, [manifest, source, names]);
  return { place, editor };
}

/** Checks types, and shows the errors below the editor and in it. */
async function checkTypes(
  shown: string,
  editor: Editor | null,
  show: (verdict: Verdict) => void,
): Promise<void> {
  if (editor === null) return;
  show({ state: 'checking types' });
  try {
    const { typeProblemsOf } = await import('./types');
    const problems = await typeProblemsOf(editor.text());
    editor.mark(problems);
    show({ state: 'types', problems: problems.map((one) => formatTypeProblem(shown, one)) });
  } catch (error) {
    show({ state: 'fault', message: error instanceof Error ? error.message : String(error) });
  }
}
