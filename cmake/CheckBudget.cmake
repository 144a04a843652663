# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
#
# Files stay short enough to be read in one go, and every source says under which licence it is.
#
#   cmake -DSOURCE_DIR=<top of the tree> -P cmake/CheckBudget.cmake

cmake_minimum_required(VERSION 3.25)
if(NOT IS_DIRECTORY "${SOURCE_DIR}")
    message(FATAL_ERROR "CheckBudget: SOURCE_DIR is not a directory: '${SOURCE_DIR}'")
endif()

set(violations "")

# within(<pattern> <most lines>)
function(within pattern most)
    file(GLOB_RECURSE files RELATIVE "${SOURCE_DIR}" "${SOURCE_DIR}/${pattern}")
    foreach(file IN LISTS files)
        file(READ "${SOURCE_DIR}/${file}" text)
        string(REGEX REPLACE "[^\n]" "" newlines "${text}")
        string(LENGTH "${newlines}" lines)
        if(lines GREATER most)
            list(APPEND violations "${file}:${lines}: ${lines} lines, and ${pattern} may have ${most}")
        endif()
    endforeach()
    set(violations "${violations}" PARENT_SCOPE)
endfunction()

function(licensed folder)
    foreach(name IN ITEMS *.cpp *.h *.h.in *.qml *.js *.py *.sh *.cmake CMakeLists.txt)
        file(GLOB_RECURSE files RELATIVE "${SOURCE_DIR}" "${SOURCE_DIR}/${folder}/${name}")
        foreach(file IN LISTS files)
            file(READ "${SOURCE_DIR}/${file}" head LIMIT 400)
            foreach(tag IN ITEMS "SPDX-FileCopyrightText: 2026 The Holdfast authors" "SPDX-License-Identifier: MIT")
                if(NOT head MATCHES "^(#![^\n]*\n)?((//|#) [^\n]*\n)?(//|#) ${tag}\n")
                    list(APPEND violations "${file}:1: does not begin with the line '${tag}'")
                endif()
            endforeach()
        endforeach()
    endforeach()
    set(violations "${violations}" PARENT_SCOPE)
endfunction()

within("src/*.cpp" 300)
within("src/*.h" 150)
within("include/*.h" 200)
within("qml/*.cpp" 300)
within("qml/*.h" 200)
within("qml/*.qml" 300)
foreach(folder IN ITEMS src include examples tests benchmarks qml)
    licensed(${folder})
endforeach()

list(LENGTH violations count)
if(count)
    list(JOIN violations "\n" text)
    message(NOTICE "${text}")
    message(FATAL_ERROR "${count} violation(s) of the budget")
endif()
