// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A story of two notepads on one document, with a picture of each step; or what a notepad has to stand besides.

#include "story.h"
#include "trials.h"

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
    const QCommandLineOption trials("trials", "No story: what goes wrong around a notepad, one thing after the other.");
    parser.addOption(trials);
    parser.process(app);
    try {
        if (parser.isSet(trials))
            Trials(NOTEPAD_CONTROLLED, NOTEPAD).stand();
        else
            Story(NOTEPAD_CONTROLLED, NOTEPAD, parser.value(pictures)).tell();
    } catch (const std::exception &problem) {
        std::fprintf(stderr, "the story ends here: %s\n", problem.what());
        return 1;
    }
    return 0;
}
