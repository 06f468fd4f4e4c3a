// SPDX-License-Identifier: GPL-2.0-only
/** Styles that a script brings along; Vite puts them into a file of their own. */
declare module '*.css';
