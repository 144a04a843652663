// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// A lock that is never taken over by guess: a claim stays until its owner removes it, or a person does.

#include <holdfast/strictsoftfilelock.h>

#include <QCoreApplication>
#include <QDebug>

using Holdfast::LockClaim;
using Holdfast::StrictSoftFileLock;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    StrictSoftFileLock lock("ledger.lock");
    StrictSoftFileLock another("ledger.lock");

    if (!lock.tryAcquire())
        return 1;
    qInfo() << "Another could take it:" << another.tryAcquire();

    const QList<LockClaim> claims = another.claims();
    for (const LockClaim &claim : claims)
        qInfo().noquote() << claim.name << "of" << claim.owner.toString();

    // What a person does who knows that the owner is gone. (Here it is not: two could hold the lock now.)
    for (const LockClaim &claim : claims)
        another.forceBreak(claim.name);
    const bool acquired = another.tryAcquire();
    qInfo() << "After that:" << acquired;
    return claims.size() == 2 && acquired ? 0 : 1;
}
