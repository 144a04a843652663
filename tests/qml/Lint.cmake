# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
#
# No warning at all in what the module and the examples have in QML. One file at a time, and with zeros in the memory that it gets:
# qmllint 6.4.2 reads what it has not written (QQmlJSTypePropagator::generate_CallProperty), and crashes by what was there.
#
#   cmake -DSOURCE_DIR=<top of the tree> -DQMLLINT=<program> -DMODULES=<import path> -DNOTEPAD=<another> -P Lint.cmake

cmake_minimum_required(VERSION 3.25)
file(GLOB_RECURSE files "${SOURCE_DIR}/qml/*.qml" "${SOURCE_DIR}/examples/*.qml" "${SOURCE_DIR}/tests/qml/lint/*.qml")
set(bad "")
foreach(file IN LISTS files)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env MALLOC_PERTURB_=255 ${QMLLINT} -I ${MODULES} -I ${NOTEPAD} ${file} RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        list(APPEND bad ${file})
    endif()
endforeach()
if(bad OR NOT files)
    message(FATAL_ERROR "qmllint has something to say about: ${bad}")
endif()
