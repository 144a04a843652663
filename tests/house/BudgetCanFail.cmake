# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT

include(${CMAKE_CURRENT_LIST_DIR}/BadTree.cmake)

# file_of(<file> <lines>): a licensed file of that many lines.
function(file_of file lines)
    math(EXPR rest "${lines} - 3")
    string(REPEAT "// [more]; \\\n" ${rest} text)
    good("${file}" "// SPDX-FileCopyrightText: 2026 The Holdfast authors\n// SPDX-License-Identifier: MIT\n${text}")
endfunction()

file_of(src/os/fits.cpp 300)
file_of(src/os/fits.h 150)
file_of(include/holdfast/fits.h 200)
file_of(tests/may_be_long.cpp 1000)
file_of(src/os/long.cpp 301)
file_of(src/os/long.h 151)
file_of(include/holdfast/long.h 201)
list(APPEND expected src/os/long.cpp:301 src/os/long.h:151 include/holdfast/long.h:201)

good(tests/helper.py "#!/usr/bin/python3\n# SPDX-FileCopyrightText: 2026 The Holdfast authors\n# SPDX-License-Identifier: MIT")
good(tests/helper.cpp "int main() {}")
good(qml/CMakeLists.txt "# SPDX-License-Identifier: MIT")
list(APPEND expected tests/helper.cpp:1 tests/helper.cpp:1 qml/CMakeLists.txt:1) # each line is asked for

expect_exactly_the_bad_ones()
