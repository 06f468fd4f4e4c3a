@rem SPDX-License-Identifier: GPL-2.0-only
@node "%~dp0bin\kata.js" %*
