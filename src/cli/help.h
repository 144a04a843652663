// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

namespace Holdfast::Cli {

QString programHelp();
QString runHelp();
QString editHelp();
QString statusHelp();
QString breakHelp();
QString instanceHelp();
QString versionText();

} // namespace Holdfast::Cli
