// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

/**
 * A disk that does not answer, for a program that has the library as it is installed: stalleddisk.cpp puts itself before the C
 * library's functions that ask disks. While one lives, whoever asks waits until it goes. The thread that made it is the one
 * that must never wait: it is let go on at once, and counted.
 */
class StalledDisk
{
public:
    StalledDisk();
    ~StalledDisk(); ///< answers

    static void refuseRemoval(); ///< of the next file that is to be removed, as a broken disk does

    int waiting() const;       ///< threads that wait for an answer
    int askedByItself() const; ///< calls of the thread that must not
};
