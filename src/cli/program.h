// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qcoreapplication.h>

#include <memory>

namespace Holdfast::Cli {

struct EditOptions;
struct RunOptions;
struct InstanceOptions;

/** What comes before anything is opened. */
void prepareProcess();

/** `holdfast run`: the exit status. */
int runCommand(const RunOptions &options, int &argc, char **argv);

/** `holdfast edit`: the exit status. */
int runEditor(const EditOptions &options, int &argc, char **argv);

/** `holdfast instance`: the exit status. */
int runInstance(const InstanceOptions &options, int &argc, char **argv);

/** The application object, without a word from Qt about the locale. */
std::unique_ptr<QCoreApplication> makeApplication(int &argc, char **argv);

} // namespace Holdfast::Cli
