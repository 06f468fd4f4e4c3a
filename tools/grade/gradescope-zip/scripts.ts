// SPDX-License-Identifier: GPL-2.0-only
/** The two scripts Gradescope starts: one while the image is built, with a network, and one for each submission, without. */

/** Installs Node if the image has none that will do, the dependencies of the tool, and what the sandbox likes to have. */
export const SETUP = `#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs once, as root, while the image is built. Nothing is fetched after this.
set -euo pipefail
cd "\${AUTOGRADER:-/autograder}/source"

new_enough() {
  command -v node >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'
}

if ! new_enough; then
  apt-get update
  apt-get install -y --no-install-recommends ca-certificates curl xz-utils
  base=https://nodejs.org/dist/latest-v22.x
  curl -fsSLO "$base/SHASUMS256.txt"
  archive=$(grep -o 'node-v[0-9.]*-linux-x64.tar.xz' SHASUMS256.txt | head -n 1)
  curl -fsSLO "$base/$archive"
  grep " $archive\\$" SHASUMS256.txt | sha256sum -c -
  tar -xJf "$archive" -C /usr/local --strip-components=1
  rm "$archive" SHASUMS256.txt
fi

# More layers around the sandbox where the image allows them; grading says which are in use.
apt-get update && apt-get install -y --no-install-recommends bubblewrap util-linux || true

npm ci --omit=dev --no-audit --no-fund
node tools/house/build.js
`;

/**
 * The script for each submission. Without a results.json and with an exit code that is not 0, Gradescope says that the autograder failed
 * and gives no grade: that is for faults of ours, once they have had a second chance.
 */
export function runScript(args: readonly string[]): string {
  const quoted = args.map((arg) => `'${arg.replace(/'/g, `'\\''`)}'`).join(' ');
  return `#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs for each submission, without a network. The verdict is in results.json; 3 is a fault of the grader.
base="\${AUTOGRADER:-/autograder}"
cd "$base/source" || exit 1
mkdir -p "$base/results"
code=3
for _ in first second; do
  [ "$code" -eq 3 ] || break
  node bin/kata.js grade "$base/submission" --one --format gradescope --out "$base/results/results.json" ${quoted} 2>&1
  code=$?
done
exit "$code"
`;
}
