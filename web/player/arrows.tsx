// SPDX-License-Identifier: GPL-2.0-only
/** Arrows of what orders what, drawn over the lanes between the rows of two steps. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Execution, ExecutionEdge } from './execution';

export interface ArrowsProps {
  readonly execution: Execution;
  readonly position: number;
}

interface Arrow extends ExecutionEdge {
  readonly path: string;
}

export function Arrows({ execution, position }: ArrowsProps): JSX.Element {
  const drawing = useRef<SVGSVGElement>(null);
  const [drawn, setDrawn] = useState<{ arrows: readonly Arrow[]; height: number }>({
    arrows: [],
    height: 0,
  });
  const measure = (): void => {
    const frame = drawing.current?.parentElement;
    if (frame === null || frame === undefined) return;
    setDrawn({ arrows: arrowsIn(frame, execution.edges), height: frame.scrollHeight });
  };
  useLayoutEffect(measure, [execution]);
  useEffect(() => {
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [execution]);
  const { arrows, height } = drawn;
  return (
    <svg class="arrows" ref={drawing} height={height} aria-hidden="true">
      <defs>
        <marker
          id="tip"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
        >
          <path d="M0 0 L8 4 L0 8 z" />
        </marker>
      </defs>
      {arrows.map(({ from, to, kind, name, path }) => (
        <path
          key={`${from}-${to}`}
          class={`arrow ${kind} ${from === position || to === position ? 'now' : ''}`}
          d={path}
          marker-end="url(#tip)"
        >
          <title>{name}</title>
        </path>
      ))}
    </svg>
  );
}

/** Curves between the rows of the steps; an edge to a step without a row is drawn to the next row of its task. */
function arrowsIn(frame: HTMLElement, edges: readonly ExecutionEdge[]): Arrow[] {
  const rows = [...frame.querySelectorAll<HTMLElement>('.row')];
  const stepOf = (row: HTMLElement): number => Number(row.dataset.step);
  return edges.flatMap((edge) => {
    const from = rows.findLast((row) => stepOf(row) <= edge.from);
    const to = rows.find((row) => stepOf(row) >= edge.to);
    if (from === undefined || to === undefined || from === to) return [];
    const [start, end] = [anchor(frame, from), anchor(frame, to)];
    const [x1, y1] = [start.x, start.bottom - 3];
    const [x2, y2] = [end.x, end.top + 3];
    const bend = Math.max(12, Math.abs(y2 - y1) / 2);
    const path = `M${x1} ${y1} C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
    return [{ ...edge, path }];
  });
}

function anchor(frame: HTMLElement, row: HTMLElement): { x: number; top: number; bottom: number } {
  const around = frame.getBoundingClientRect();
  const badge = (row.querySelector('.badge') ?? row).getBoundingClientRect();
  const dy = frame.scrollTop - around.top;
  return {
    x: Math.round(badge.left + badge.width / 2 - around.left + frame.scrollLeft),
    top: Math.round(badge.top + dy),
    bottom: Math.round(badge.bottom + dy),
  };
}
