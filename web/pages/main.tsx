// SPDX-License-Identifier: GPL-2.0-only
/** The script of every page. What a page needs only when it is asked for is loaded then. */
import './style.css';
import { told } from './page';
import { offerSearch } from './search-box';
import { offerState, showStandings } from './standing';
import { offerTheme } from './theme';

offerTheme();
offerSearch();
showStandings();
offerState();
if (told.kata !== undefined) void import('./kata-page').then(({ bringToLife }) => bringToLife());
else if (document.getElementById('player') !== null)
  void import('./race').then(({ showRace }) => showRace());

if (document.querySelector('.drawing') !== null)
  void import('./drawings').then(({ offerDrawings }) => offerDrawings());

// A narrow page has the list of guides folded.
const list = document.querySelector<HTMLDetailsElement>('.guide-list');
if (list !== null && matchMedia('(max-width: 60rem)').matches) list.open = false;
