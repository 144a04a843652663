// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The counts at the end.
#pragma once

#include "ledger.h"

/** Prints both counts side by side. True when the first is perfect. */
bool printConclusion(const Ledger::Audit &withLock, const Ledger::Audit &withoutLock);
