// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "stage.h"

/** What the story does not tell: foreign names, foreign files and foreign programs, and what a notepad makes of them. */
class Trials : private Stage
{
public:
    using Stage::Stage;

    void stand(); ///< all of them; throws a std::runtime_error when something is not as it should be

private:
    void showNamesAsText();
    void openAtTheBeginning();
    void askBeforeAReload();
    void askBeforeASave();
    void keepWhatIsTakenAway();
    void takeBackWhatCameBack();
    void reloadWhatIsNew();
    void tellOfACrashAfterAWait();
    void stayWhenSaveAsFails();
    void showTheCopy();
    void openWhatALaterStartNames();
    void refuseANameThatIsNoText();

    /** A notepad that has @p typed into a document which was @p before, and has not saved. */
    std::unique_ptr<Player> edit(const QString &document, const QString &typed, const QString &before = {});

    void removeWhatQtCannot() const;
    void expectPlain(Player &player, const QString &label) const;
};
