// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/timetable.h"

#include <QtTest/qtest.h>

using namespace Holdfast;
using namespace std::chrono_literals;
using Kind = Timetable::Kind;

/** What is to happen when: one of each kind for each hold, the earliest first. */
class tst_Timetable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyAtFirst();
    void givesTheEarliestFirst();
    void givesWhatIsDueAndNoMore();
    void replacesTheSameKindAlone();
    void tellsHoldsApart();
    void cancelsAllOfOneHold();
    void keepsAppointmentsOfOneMoment();
    void holdsThousands();

private:
    static const Hold *key(std::uintptr_t number) { return reinterpret_cast<const Hold *>(number); }
    static Timetable::Appointment appointment(std::uint64_t serial, Kind kind) { return {{}, serial, kind}; }
    static QList<int> serials(const std::vector<Timetable::Appointment> &due)
    {
        QList<int> all;
        for (const auto &one : due)
            all += static_cast<int>(one.serial);
        return all;
    }
};

void tst_Timetable::isEmptyAtFirst()
{
    Timetable table;
    QVERIFY(!table.next());
    QVERIFY(table.takeDue(1h).empty());
    table.cancelAll(key(1));
    table.clear();
    QVERIFY(!table.next());
}

void tst_Timetable::givesTheEarliestFirst()
{
    Timetable table;
    table.set(key(1), appointment(3, Kind::Expiry), 3s);
    table.set(key(1), appointment(1, Kind::Renewal), 1s);
    table.set(key(2), appointment(2, Kind::GiveUp), 2s);
    QCOMPARE(table.next().value(), 1s);
    QCOMPARE(serials(table.takeDue(5s)), QList<int>({1, 2, 3}));
    QVERIFY(!table.next());
}

void tst_Timetable::givesWhatIsDueAndNoMore()
{
    Timetable table;
    table.set(key(1), appointment(1, Kind::Renewal), 1s);
    table.set(key(1), appointment(2, Kind::GiveUp), 2s);
    QVERIFY(table.takeDue(999ms).empty());
    QCOMPARE(serials(table.takeDue(1s)), QList<int>({1}));
    QVERIFY(table.takeDue(1s).empty());
    QCOMPARE(table.next().value(), 2s);
}

void tst_Timetable::replacesTheSameKindAlone()
{
    Timetable table;
    table.set(key(1), appointment(1, Kind::Renewal), 1s);
    table.set(key(1), appointment(2, Kind::GiveUp), 1s);
    table.set(key(1), appointment(3, Kind::Renewal), 5s);
    QCOMPARE(serials(table.takeDue(2s)), QList<int>({2}));
    QCOMPARE(serials(table.takeDue(5s)), QList<int>({3}));
    table.set(key(1), appointment(4, Kind::Renewal), 6s); // after one was taken
    table.set(key(1), appointment(5, Kind::Renewal), 6s); // at the same moment
    QCOMPARE(serials(table.takeDue(6s)), QList<int>({5}));
}

void tst_Timetable::tellsHoldsApart()
{
    Timetable table;
    table.set(key(1), appointment(1, Kind::Renewal), 1s);
    table.set(key(2), appointment(2, Kind::Renewal), 1s);
    table.set(key(2), appointment(3, Kind::Renewal), 2s);
    QCOMPARE(serials(table.takeDue(1s)), QList<int>({1}));
}

void tst_Timetable::cancelsAllOfOneHold()
{
    Timetable table;
    for (const Kind kind : {Kind::Expiry, Kind::Renewal, Kind::GiveUp}) {
        table.set(key(1), appointment(1, kind), 1s);
        table.set(key(2), appointment(2, kind), 1s);
    }
    table.cancelAll(key(1));
    QCOMPARE(serials(table.takeDue(1s)), QList<int>({2, 2, 2}));
}

void tst_Timetable::keepsAppointmentsOfOneMoment()
{
    Timetable table;
    for (std::uintptr_t i = 1; i <= 5; ++i)
        table.set(key(i), appointment(i, Kind::Expiry), 1s);
    QCOMPARE(table.takeDue(1s).size(), 5U);
}

void tst_Timetable::holdsThousands()
{
    Timetable table;
    constexpr std::uintptr_t many = 10'000;
    for (int round = 0; round < 5; ++round) {
        for (std::uintptr_t i = 1; i <= many; ++i)
            table.set(key(i), appointment(i, Kind::Renewal), std::chrono::milliseconds(i % 97));
    }
    QCOMPARE(table.takeDue(1s).size(), many);
    QVERIFY(!table.next());
}

QTEST_GUILESS_MAIN(tst_Timetable)
#include "tst_timetable.moc"
