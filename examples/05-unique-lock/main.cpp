// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// In worker threads and command-line programs, the lock is a mutex of the standard library's kind that other programs
// respect, too. By default every thread has a hold of its own, so one object also keeps threads apart.

#include <holdfast/filelock.h>

#include <QDebug>
#include <QFile>

#include <mutex>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static int readNumber(const QString &path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll().toInt() : 0;
}

static void writeNumber(const QString &path, int number)
{
    QFile file(path);
    if (file.open(QFile::WriteOnly))
        file.write(QByteArray::number(number));
}

int main()
{
    Holdfast::FileLock lock("number.txt.lock");
    const int before = readNumber("number.txt");
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 25; ++n) {
                    const std::unique_lock guard(lock); // waits; throws std::system_error if it cannot be had
                    writeNumber("number.txt", readNumber("number.txt") + 1);
                }
            });
        }
    }
    qInfo() << "Added" << readNumber("number.txt") - before << "of 100";

    const std::unique_lock guard(lock, 2s); // waits two seconds at most
    return guard.owns_lock() && readNumber("number.txt") == before + 100 ? 0 : 1;
}
