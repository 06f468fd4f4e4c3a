// SPDX-License-Identifier: GPL-2.0-only
/** `kata check-all`: judges every kata's driver, whatever is remembered of it; for CI, and for a good conscience. */
import type { Command } from 'commander';
import { example, type Run } from '../command';
import { EXIT, exitCodeOf } from '../exit-code';
import type { Judgement } from '../judgement';
import { walk } from '../judging';
import { allKatas, type Kata } from '../katas';
import { faultText } from '../print/fault';
import { columns, count } from '../print/words';
import type { Shell } from '../shell';

export interface CheckAllOptions {
  readonly json?: boolean;
}

export function addCheckAll(program: Command, run: Run): void {
  program
    .command('check-all')
    .description('judge the drivers of all katas, one line each')
    .option('--json', 'print one kata-check/v1 document with a kata-report/v1 of each')
    .addHelpText('after', example('check-all', 'check-all --json > report.json'))
    .action((options: CheckAllOptions) => run(checkAll)(options));
}

/** 0 when all hold; otherwise 3, 1 or 4, whichever of them comes first, as for a single kata. */
async function checkAll(shell: Shell, { json = false }: CheckAllOptions): Promise<number> {
  const { root, style, tool, write, complain } = shell;
  const katas = allKatas(root);
  const width = Math.max(0, ...katas.map(({ id }) => id.length));
  const codes: number[] = [];
  const reports: unknown[] = [];
  for await (const { kata, judgement } of walk(shell, katas, json ? undefined : 1)) {
    const { report, fault } = judgement;
    const code = fault === null ? exitCodeOf(report.status) : EXIT.fault;
    codes.push(code);
    reports.push(report);
    const line = lineOf(kata, judgement, width);
    if (!json) write(`${code === EXIT.holds ? style.green(line) : line}\n`);
    if (fault !== null) complain(faultText(fault, process.env));
  }
  const held = codes.filter((code) => code === EXIT.holds).length;
  if (json) {
    const document = { schema: 'kata-check/v1', tool, held, total: katas.length, reports };
    write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    write(`\n${held} of ${count(katas.length, 'kata')} ${held === 1 ? 'holds' : 'hold'}.\n`);
    write(held === katas.length ? '' : 'npx kata test ID shows the report of one.\n');
  }
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? EXIT.holds;
}

const GRAVEST_FIRST = [EXIT.fault, EXIT.fails, EXIT.bound];

function lineOf({ id }: Kata, { report }: Judgement, width: number): string {
  const points = `${report.score} of ${count(report.maxScore, 'point')}`;
  const [line = ''] = columns([[WORDS[report.status], id.padEnd(width), points]]);
  return report.message === null ? line : `${line}  ${report.message}`;
}

const WORDS: Readonly<Record<Judgement['report']['status'], string>> = {
  pass: 'ok  ',
  fail: 'FAIL',
  rejected: 'FAIL',
  error: 'ERR ',
  bound: 'open',
  timeout: 'open',
};
