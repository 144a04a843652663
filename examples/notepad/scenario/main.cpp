// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Two notepads on one document: with a display they are yours to use; without one, a story is told in pictures.

#include "story.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cstdio>
#include <exception>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription("Two notepads, one document: what each of them shows.");
    parser.addHelpOption();
    const QCommandLineOption pictures("pictures", "Writes a picture of each step into FOLDER.", "FOLDER");
    parser.addOption(pictures);
    parser.process(app);
    try {
        Story(NOTEPAD_CONTROLLED, parser.value(pictures)).tell();
    } catch (const std::exception &problem) {
        std::fprintf(stderr, "the story ends here: %s\n", problem.what());
        return 1;
    }
    return 0;
}
