# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
#
# With static libraries the QML module is left out; who asks for it all the same is told why not.
#
#   cmake -DSOURCE_DIR=<top of the tree> -DWORK_DIR=<scratch> -P StaticIsRefused.cmake

cmake_minimum_required(VERSION 3.25)
set(configure ${CMAKE_COMMAND} -G Ninja -S ${SOURCE_DIR} -B ${WORK_DIR} -DBUILD_SHARED_LIBS=OFF
    -DHOLDFAST_BUILD_TESTS=OFF -DHOLDFAST_BUILD_EXAMPLES=OFF)

file(REMOVE_RECURSE "${WORK_DIR}")
execute_process(COMMAND ${configure} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${configure} -DHOLDFAST_BUILD_QML=ON RESULT_VARIABLE result ERROR_VARIABLE errors OUTPUT_QUIET)
string(REGEX REPLACE "[ \n]+" " " errors "${errors}")
if(result EQUAL 0 OR NOT errors MATCHES "needs the shared library Holdfast::Core, because .* -DHOLDFAST_BUILD_QML=OFF")
    message(FATAL_ERROR "a static Core was not refused clearly (result ${result}): ${errors}")
endif()
