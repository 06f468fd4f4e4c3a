#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A class as a Slurm array of four tasks. Hand it in from a checkout of the katas that all nodes see, with what the class has
# handed in under handed-in/:
#
#   sbatch docs/recipes/slurm.sh
#   npx kata grade merge results/* --out class        (when all four are done)
#
# A task that was killed or requeued goes on where it was: --resume keeps what it had.
#SBATCH --job-name=kata-grade
#SBATCH --array=1-4
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=01:00:00
#SBATCH --requeue
set -euo pipefail
cd "${SLURM_SUBMIT_DIR:-.}"
npx kata grade handed-in --out "results/$SLURM_ARRAY_TASK_ID" --shard auto --resume \
  --jobs "${SLURM_CPUS_PER_TASK:-1}"
