# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
#
# For those who build it again and again: half of the time went into Qt's headers, once more for each source, and into the linker.
# Each source still includes what it uses, which clang-tidy proves: it does without. So do the examples, which are users' code.

option(HOLDFAST_QUICK_BUILD "Precompile the headers that nearly every source includes, and link with a quick linker" OFF)

if(HOLDFAST_QUICK_BUILD)
    find_program(HOLDFAST_LINKER NAMES ld.mold ld.lld ld.gold)
    if(HOLDFAST_LINKER MATCHES "ld[.]([a-z]+)$")
        set(flag -fuse-ld=${CMAKE_MATCH_1})
        include(CheckLinkerFlag)
        check_linker_flag(CXX ${flag} HOLDFAST_LINKER_IS_UNDERSTOOD) # not every compiler knows every linker
        if(HOLDFAST_LINKER_IS_UNDERSTOOD)
            add_link_options(${flag})
        endif()
    endif()
endif()

# holdfast_precompile(<target>...): those of them that are built.
function(holdfast_precompile)
    foreach(target IN LISTS ARGN)
        if(HOLDFAST_QUICK_BUILD AND TARGET ${target})
            target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.h)
        endif()
    endforeach()
endfunction()
