// SPDX-License-Identifier: GPL-2.0-only
/** Light or dark: as the system has it, until somebody decides. TypeDoc's pages keep the same word in the same place. */
export function offerTheme(): void {
  document.getElementById('theme')?.addEventListener('click', () => {
    const { dataset } = document.documentElement;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const now = dataset['theme'] === 'dark' || (dataset['theme'] !== 'light' && dark);
    dataset['theme'] = now ? 'light' : 'dark';
    try {
      localStorage.setItem('tsd-theme', dataset['theme']);
    } catch {
      // It lasts as long as the page.
    }
  });
}
