// SPDX-License-Identifier: GPL-2.0-only
/** A fault of this tool, told so that nobody looks for it in their driver. */

/** One sentence, and with KATA_DEBUG where it happened. */
export function faultText(
  fault: { readonly message: string; readonly trace: string },
  env: Readonly<Record<string, string | undefined>>,
): string {
  const debug = (env['KATA_DEBUG'] ?? '') !== '';
  const first = `kata: ${fault.message}; this is not your driver's fault`;
  if (debug) return `${first}\n${fault.trace === '' ? '' : `${fault.trace.trimEnd()}\n`}`;
  return `${first} (KATA_DEBUG=1 shows more)\n`;
}
