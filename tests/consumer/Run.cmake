# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
#
# Installs the build in BUILD_DIR into an empty prefix below WORK_DIR, then configures, builds and runs the project
# beside this file against it. Asks for a component that does not exist as well, and wants to be told so.

cmake_minimum_required(VERSION 3.25)
set(prefix "${WORK_DIR}/prefix")
set(configure ${CMAKE_COMMAND} -G Ninja -S ${CMAKE_CURRENT_LIST_DIR} "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}")

file(REMOVE_RECURSE "${WORK_DIR}")
execute_process(COMMAND ${CMAKE_COMMAND} --install "${BUILD_DIR}" --prefix "${prefix}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${configure} -B "${WORK_DIR}/build" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build "${WORK_DIR}/build" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${WORK_DIR}/build/consumer" "${WORK_DIR}/consumer.lock" COMMAND_ERROR_IS_FATAL ANY)

if(EXISTS "${WORK_DIR}/build/qml_import_path") # there is a QML module in the package
    file(READ "${WORK_DIR}/build/qml_import_path" import_path)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env "QML_IMPORT_PATH=${import_path}"
        "${WORK_DIR}/build/qmlconsumer" "${WORK_DIR}/qmlconsumer.lock" COMMAND_ERROR_IS_FATAL ANY)
elseif(HAS_QML)
    message(FATAL_ERROR "The package does not say where its QML module is.")
endif()

execute_process(COMMAND ${configure} -B "${WORK_DIR}/unknown" -DMORE_COMPONENTS=Anchor
    RESULT_VARIABLE result ERROR_VARIABLE errors OUTPUT_QUIET)
string(REGEX REPLACE "[ \n]+" " " errors "${errors}")
if(result EQUAL 0 OR NOT errors MATCHES "Holdfast has no component 'Anchor' here; this installation has: .*Core")
    message(FATAL_ERROR "an unknown component was not refused clearly (result ${result}): ${errors}")
endif()
