// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "stage.h"

#include <memory>

/** Two people and one document: what each of them sees, step by step, with a picture of each step. */
class Story : private Stage
{
public:
    /** @p pictures: where the pictures go; empty: none are taken. */
    Story(QString notepad, QString program, QString pictures);

    void tell(); ///< all of it; throws a std::runtime_error when something is not as it should be

private:
    void edit();
    void meet();
    void readOnly();
    void askToBeTold();
    void handOver();
    void changeFromOutside();
    void saveAs();
    void lose();
    void crash();
    void takeOver();
    void startAgain();
    void findItStopped();
    void openWhatIsNoText();

    std::unique_ptr<Player> start(const QString &name);
    void show(Player &player, const QString &caption);

    const QString m_pictures;
    std::unique_ptr<Player> m_anna;
    std::unique_ptr<Player> m_ben;
    int m_step = 0;
};
