// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "conclusion.h"

#include "terminal.h"

namespace {

using namespace Terminal;

QString row(const QString &title, const Ledger::Audit &audit)
{
    const auto number = [](int value, Colour colour = Plain) {
        return in(value == 0 ? Plain : colour, QString::number(value).rightJustified(10));
    };
    return "   " + title.leftJustified(18) + number(audit.expected) + number(audit.present)
           + number(audit.missing(), Red) + number(audit.surplus, Red);
}

} // namespace

bool printConclusion(const Ledger::Audit &withLock, const Ledger::Audit &withoutLock)
{
    print();
    print(in(Bold,
             QString("   %1%2%3%4%5").arg("", 18).arg("added", 10).arg("there", 10).arg("lost", 10).arg("twice", 10)));
    print(row("with the lock", withLock));
    print(row("without the lock", withoutLock));
    print();
    if (!withLock.isPerfect()) {
        print(in(Red, withLock.isNumbered ? "The document is damaged." : "The entries are not in sequence."));
        return false;
    }
    print(in(Green, "With the lock, every entry is there, once, and numbered in sequence."));
    return true;
}
