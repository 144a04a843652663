# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT

include(${CMAKE_CURRENT_LIST_DIR}/BadTree.cmake)

good(src/os/a.cpp "#include <sys/file.h>")
good(src/os/a.cpp "#include \"os/a.h\"")
good(src/os/a.cpp "#ifdef __linux__")
bad(src/os/a.cpp "#include <QString>")
bad(src/os/a.cpp "#include \"engine/hold.h\"")
bad(src/os/a.cpp "  #  include <QtCore/qglobal.h>")

good(src/records/a.cpp "#include <string_view>")
bad(src/records/a.cpp "#include <QByteArray>")
bad(src/records/a.cpp "#include <fcntl.h>")

good(src/engine/a.cpp "#include <holdfast/locktypes.h>")
good(src/engine/a.cpp "#include <holdfast/core_export.h>")
good(src/engine/a.cpp "#include \"os/a.h\"")
good(src/engine/a.cpp "#include \"moc_a.cpp\"")
good(src/engine/a.cpp "#include <QTimer>")
bad(src/engine/a.cpp "#include <holdfast/filelock.h>")
bad(src/engine/a.cpp "#include <unistd.h>")
bad(src/engine/a.cpp "#include <cerrno>")
bad(src/engine/a.cpp "#include <QSqlDatabase>")
bad(src/engine/a.cpp "#include \"a.h\"")
bad(src/engine/a.cpp "#include \"../core/a.h\"")
bad(src/engine/a.cpp "#include \"core/a.h\"")
bad(src/engine/a.cpp "#ifdef Q_OS_WIN")
bad(src/engine/a.cpp "#if __has_include(<sys/inotify.h>)")
good(src/engine/a.cpp "#if defined(FOO) || \\")
bad(src/engine/a.cpp "    defined(__linux__)")
good(src/engine/a.cpp "/*! An example:")
good(src/engine/a.cpp "#include <QApplication>")
good(src/engine/a.cpp "*/")
bad(src/engine/a.cpp "#elif defined(_WIN32)")
good(src/engine/a.cpp "#ifdef MY_Q_OS_LIKE")

good(src/core/a.cpp "#include <holdfast/filelock.h>")
good(src/core/a.cpp "#include \"engine/hold.h\"")
bad(src/core/a.cpp "#include \"os/a.h\"")
bad(src/core/a.cpp "#include <holdfast/sql/readwritelock.h>")

good(src/sql/a.cpp "#include \"engine/backend.h\"")
good(src/sql/a.cpp "#include <QSqlDatabase>")
bad(src/sql/a.cpp "#include \"engine/hold.h\"")
bad(src/sql/a.cpp "#include \"app/a.h\"")
bad(src/sql/a.cpp "#include <holdfast/app/documentlock.h>")

good(src/app/a.cpp "#include \"os/a.h\"")
good(src/app/a.cpp "#include <QLocalServer>")
bad(src/app/a.cpp "#include \"engine/backend.h\"")
bad(src/app/a.cpp "#include <holdfast/sql/readwritelock.h>")

good(src/cli/a.cpp "#include <QCommandLineParser>")
bad(src/cli/a.cpp "#include \"core/a.h\"")
bad(src/elsewhere/a.cpp "// in no layer")

good(qml/a.cpp "#include <QtQml/qqml.h>")
good(qml/a.cpp "#include \"a.h\"")
bad(qml/a.cpp "#include \"engine/hold.h\"")
bad(examples/a/main.cpp "#include \"core/a.h\"")
good(examples/a/main.cpp "#include <QApplication>")

good(include/holdfast/a.h "#include <QObject>")
bad(include/holdfast/a.h "#include \"core/a.h\"")
bad(include/holdfast/a.h "#include <QSqlDatabase>")
good(include/holdfast/sql/a.h "#include <QSqlDatabase>")
bad(include/holdfast/sql/a.h "#include <holdfast/app/a.h>")

good(tests/a.cpp "#include <unistd.h>")
bad(tests/a.cpp "#if defined(__APPLE__)")

expect_exactly_the_bad_ones()
