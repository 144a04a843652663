# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
#
# Builds a small tree in TREE line by line, runs CHECK over it, and compares which lines were reported.

cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE "${TREE}")
set(expected "")

# good(<file> <line>): appends a line that must not be reported; bad(): one that must be.
function(good file line)
    file(APPEND "${TREE}/${file}" "${line}\n")
endfunction()

function(bad file line)
    good("${file}" "${line}")
    file(READ "${TREE}/${file}" text)
    string(REGEX REPLACE "[^\n]" "" newlines "${text}")
    string(LENGTH "${newlines}" number)
    list(APPEND expected "${file}:${number}")
    set(expected "${expected}" PARENT_SCOPE)
endfunction()

function(expect_exactly_the_bad_ones)
    execute_process(COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${TREE} -P ${CHECK}
        RESULT_VARIABLE result ERROR_VARIABLE report OUTPUT_VARIABLE report)
    string(REGEX MATCHALL "[a-z/_.A-Z]+\\.[a-z]+:[0-9]+:" reported "${report}")
    list(FILTER reported EXCLUDE REGEX "Check[A-Za-z]+\\.cmake")
    list(TRANSFORM reported REPLACE ":$" "")
    list(SORT reported)
    list(SORT expected)
    if(result EQUAL 0 OR NOT reported STREQUAL expected)
        list(JOIN reported "\n    " reported)
        list(JOIN expected "\n    " expected)
        message(FATAL_ERROR "the check exited with ${result};\n"
            "reported\n    ${reported}\nexpected\n    ${expected}\n${report}")
    endif()
endfunction()
