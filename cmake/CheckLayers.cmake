# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
#
# Who may include whom, and where an operating system may be named. The table at the end is the rule.
#
#   cmake -DSOURCE_DIR=<top of the tree> -P cmake/CheckLayers.cmake

cmake_minimum_required(VERSION 3.25)
if(NOT IS_DIRECTORY "${SOURCE_DIR}")
    message(FATAL_ERROR "CheckLayers: SOURCE_DIR is not a directory: '${SOURCE_DIR}'")
endif()

set(os_names
    "Q_OS_[A-Z0-9_]+|_?_?WIN(32|64)(__)?|__linux(__)?|__gnu_linux__|__APPLE__|__MACH__|__unix(__)?"
    "|__(Free|Net|Open)BSD__|__ANDROID__|__CYGWIN__|__MINGW(32|64)__|__sun|__QNX(NTO)?__")
string(REPLACE ";" "" os_names "${os_names}")

# Which shelf an include comes from. Unprefixed Qt classes of modules beyond Core are told by their names; that
# list need not be complete, since a target that does not link the module does not find them either.
function(kind_of include out)
    if(include MATCHES "^\"(os|records|engine|core|sql|app|cli)/")
        set(kind ${CMAKE_MATCH_1})
    elseif(include MATCHES "^\"([^/]+\\.moc|moc_[^/]+\\.cpp)\"$")
        set(kind generated)
    elseif(include MATCHES "^\"")
        set(kind local)
    elseif(include MATCHES "^<holdfast/(sql|app|gui)/")
        set(kind holdfast_${CMAKE_MATCH_1})
    elseif(include MATCHES "^<holdfast/[a-z]+_export\\.h>$")
        set(kind export)
    elseif(include MATCHES "^<holdfast/")
        set(kind holdfast)
    elseif(include MATCHES "^<(QtSql[/>]|QSql)")
        set(kind qt_sql)
    elseif(include MATCHES "^<(QtNetwork[/>]|QNetwork|QLocalS|QTcp|QUdp|QAbstractSocket|QHost|QSsl)")
        set(kind qt_network)
    elseif(include MATCHES "^<QtCore[/>]")
        set(kind qt_core)
    elseif(include MATCHES "^<Qt[A-Z][A-Za-z0-9]*[/>]"
           OR include MATCHES "^<Q(Coro|Qml|Quick|JSE|JSV|Gui|Window|Widget|Application|DBus|Test|SignalSpy|Paint)")
        set(kind qt_other)
    elseif(include MATCHES "^<(Q[A-Z][A-Za-z0-9]*|q[a-z0-9_]+\\.h)>$")
        set(kind qt_core)
    elseif(include MATCHES "^<[a-z0-9_]+>$" AND NOT include STREQUAL "<cerrno>")
        set(kind std)
    else() # every other <...>, and errno, which is the system's even under its C++ name
        set(kind system)
    endif()
    set(${out} ${kind} PARENT_SCOPE)
endfunction()

# Sets <out> to the preprocessor lines of a file, each as "<line number>:<line>". Block comments that start a line
# are skipped (they hold examples); a continued condition counts as a condition on each of its lines.
function(preprocessor_lines file out)
    file(READ "${SOURCE_DIR}/${file}" text)
    string(REGEX REPLACE "[][;]" " " text "${text}")
    string(REPLACE "\\\n" "\n#if " text "${text}")
    string(REPLACE "\\" "/" text "${text}")
    string(REPLACE "\n" ";" lines "${text}")
    set(number 0)
    set(commented FALSE)
    set(found "")
    foreach(line IN LISTS lines)
        math(EXPR number "${number} + 1")
        if(line MATCHES "^[ \t]*/\\*")
            set(commented TRUE)
        endif()
        if(NOT commented AND line MATCHES "^[ \t]*#[ \t]*(include|if|el)")
            list(APPEND found "${number}:${line}")
        elseif(line MATCHES "\\*/")
            set(commented FALSE)
        endif()
    endforeach()
    set(${out} "${found}" PARENT_SCOPE)
endfunction()

function(sources_below folder out)
    file(GLOB_RECURSE files RELATIVE "${SOURCE_DIR}"
        "${SOURCE_DIR}/${folder}/*.h" "${SOURCE_DIR}/${folder}/*.cpp" "${SOURCE_DIR}/${folder}/*.h.in")
    set(${out} "${files}" PARENT_SCOPE)
endfunction()

function(report where what rule)
    set_property(GLOBAL APPEND_STRING PROPERTY violations "${where}: ${what}\n    ${rule}\n")
endfunction()

# layer(<folder> MAY <kind or include>... SAYS <the rule in words> [BUT_NOT <folder>...]
#       [PLATFORM_FILES_ALSO <kind>...])      which files named *_unix.cpp and *_linux.cpp may include, too
function(layer folder)
    cmake_parse_arguments(PARSE_ARGV 1 rule "" "SAYS" "MAY;BUT_NOT;PLATFORM_FILES_ALSO")
    sources_below(${folder} files)
    foreach(other IN LISTS rule_BUT_NOT)
        list(FILTER files EXCLUDE REGEX "^${other}/")
    endforeach()
    foreach(file IN LISTS files)
        set(may ${rule_MAY})
        if(file MATCHES "_(unix|linux)\\.cpp$")
            list(APPEND may ${rule_PLATFORM_FILES_ALSO})
        endif()
        preprocessor_lines("${file}" lines)
        foreach(line IN LISTS lines)
            if(NOT line MATCHES "^([0-9]+):[ \t]*#[ \t]*include[ \t]*(<[^>]*>|\"[^\"]*\")")
                continue()
            endif()
            set(number ${CMAKE_MATCH_1})
            set(include "${CMAKE_MATCH_2}")
            kind_of("${include}" kind)
            if(NOT kind IN_LIST may AND NOT include IN_LIST may AND NOT kind STREQUAL "generated")
                report("${file}:${number}" "#include ${include}" "${rule_SAYS}")
            endif()
        endforeach()
    endforeach()
endfunction()

# No condition on an operating system anywhere in <folder>, save in src/os.
function(no_system_conditions folder)
    sources_below(${folder} files)
    list(FILTER files EXCLUDE REGEX "^src/os/")
    foreach(file IN LISTS files)
        preprocessor_lines("${file}" lines)
        foreach(line IN LISTS lines)
            if(NOT line MATCHES "^([0-9]+):[ \t]*(#[ \t]*(if|el).*)$")
                continue()
            endif()
            set(number ${CMAKE_MATCH_1})
            set(condition "${CMAKE_MATCH_2}")
            if("${condition} " MATCHES "[^A-Za-z0-9_](${os_names})[^A-Za-z0-9_]"
               OR condition MATCHES "__has_include *\\( *<[a-z0-9_/]+\\.h>")
                report("${file}:${number}" "${condition}"
                    "Only src/os knows which operating system it is on; CMake chooses the file of each platform.")
            endif()
        endforeach()
    endforeach()
endfunction()

# A new folder in src needs a line in the table below.
function(only_known_layers)
    sources_below(src files)
    foreach(file IN LISTS files)
        if(NOT file MATCHES "^src/(os|records|engine|core|sql|app|cli)/")
            report("${file}:1" "belongs to no layer"
                "Every source lies in a folder that cmake/CheckLayers.cmake has a rule for.")
        endif()
    endforeach()
endfunction()

only_known_layers()
layer(src/os MAY std system os
    SAYS "os includes the C++ standard library, the operating system and \"os/...\"; no Qt, so that it builds without.")
layer(src/records MAY std records
    SAYS "records includes the C++ standard library and \"records/...\": pure functions, no I/O, no Qt.")
layer(src/engine MAY std qt_core engine os records export <holdfast/locktypes.h> <holdfast/lockholder.h>
    <holdfast/lockentry.h> <holdfast/ownerfile.h>
    SAYS "engine includes Qt Core, \"engine/...\", \"os/...\", \"records/...\", and of the public headers only the plain \
values <holdfast/locktypes.h>, <holdfast/lockholder.h>, <holdfast/lockentry.h> and <holdfast/ownerfile.h>; system headers stay \
in os.")
layer(src/core MAY std qt_core core engine holdfast export
    SAYS "core includes Qt Core, <holdfast/...>, \"core/...\" and \"engine/...\"; never the system, which is behind the engine.")
layer(src/sql MAY std qt_core qt_sql sql core holdfast holdfast_sql export "\"engine/backend.h\"" "\"engine/attempt.h\""
    "\"engine/attemptpool.h\"" "\"engine/backgroundwork.h\"" "\"engine/bell.h\"" "\"engine/canonicalname.h\"" "\"engine/databasefile.h\""
    "\"engine/foreignsocket.h\"" "\"engine/fork.h\"" "\"engine/logging.h\""
    SAYS "sql includes Qt Core and Sql, <holdfast/...>, \"sql/...\", \"core/...\" and, of the engine, the backend \
interface (backend.h, attempt.h) and what backends need (attemptpool.h, backgroundwork.h, bell.h, canonicalname.h, databasefile.h, \
foreignsocket.h and fork.h for what a child must leave to its parent, logging.h); it never sees app.")
layer(src/app MAY std qt_core qt_network app os records core holdfast holdfast_app export "\"engine/backend.h\"" "\"engine/attempt.h\""
    "\"engine/attemptpool.h\"" "\"engine/canonicalname.h\"" "\"engine/failure.h\"" "\"engine/fingerprint.h\"" "\"engine/fork.h\"" "\"engine/logging.h\"" "\"engine/owner.h\""
    "\"engine/ownerfiles.h\"" "\"engine/sidecar.h\"" "\"engine/sidecarbackend.h\""
    SAYS "app includes Qt Core and Network, <holdfast/...>, \"app/...\", \"core/...\", facts of \"os/...\", texts of \"records/...\" \
and, of the engine, the backend interface (backend.h, attempt.h) and what backends need (attemptpool.h, canonicalname.h, failure.h, \
fork.h, logging.h, owner.h, ownerfiles.h, and the sidecar and the fingerprint of a document, which have to do with the system); it never sees sql.")
layer(src/cli MAY std qt_core qt_sql cli holdfast holdfast_sql holdfast_app export
    PLATFORM_FILES_ALSO system
    SAYS "cli is a user of the library: Qt Core and Sql, <holdfast/...> and \"cli/...\"; system headers in *_unix.cpp and *_linux.cpp.")
foreach(user IN ITEMS qml examples)
    layer(${user} MAY std qt_core qt_sql qt_network qt_other local holdfast holdfast_sql holdfast_app holdfast_gui
        export SAYS "${user} is a user of the library: <holdfast/...>, Qt and its own headers, nothing from src/.")
endforeach()
layer(include/holdfast BUT_NOT include/holdfast/sql include/holdfast/app include/holdfast/gui MAY std qt_core holdfast export
    SAYS "A public header of Core includes <holdfast/...>, Qt Core and the C++ standard library.")
layer(include/holdfast/sql MAY std qt_core qt_sql holdfast holdfast_sql export
    SAYS "A public header of Sql includes <holdfast/...>, Qt Core and Sql and the C++ standard library, never app.")
layer(include/holdfast/app MAY std qt_core qt_network holdfast holdfast_app export
    SAYS "A public header of App includes <holdfast/...>, Qt Core and Network and the C++ standard library, never sql.")
layer(include/holdfast/gui MAY std qt_core qt_other holdfast holdfast_app holdfast_gui
    SAYS "A public header for programs with windows includes <holdfast/...>, Qt Core and Gui; no library includes it.")
foreach(folder IN ITEMS include src qml examples tests benchmarks)
    no_system_conditions(${folder})
endforeach()

get_property(violations GLOBAL PROPERTY violations)
if(violations)
    message(NOTICE "${violations}")
    message(FATAL_ERROR "The layers are violated; see above.")
endif()
