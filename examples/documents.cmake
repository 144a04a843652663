# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
#
# What the documents show must compile.

# holdfast_compile_document(<name> <file>): every ```cpp block becomes a function in a source of target documents_<name>.
function(holdfast_compile_document name file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} rest)
    set(includes "")
    set(functions "")
    set(number 0)
    while("${rest}" MATCHES "```cpp\n([^`]*)```(.*)")
        set(block "${CMAKE_MATCH_1}")
        set(rest "${CMAKE_MATCH_2}")
        math(EXPR number "${number} + 1")
        while("${block}" MATCHES "(#include [^\n]*\n)")
            string(APPEND includes "${CMAKE_MATCH_1}")
            string(REPLACE "${CMAKE_MATCH_1}" "" block "${block}")
        endwhile()
        string(APPEND functions "void block${number}();\nvoid block${number}()\n{\n${block}}\n\n")
    endwhile()
    if(number EQUAL 0)
        message(FATAL_ERROR "There is no example in ${file}.")
    endif()
    set(source ${CMAKE_CURRENT_BINARY_DIR}/documents/${name}.cpp)
    file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
// From @file@
@includes@
#include <QDebug>

void addEntry(const QString &document);

@functions@]])
    add_library(documents_${name} OBJECT ${source})
    target_link_libraries(documents_${name} PRIVATE Holdfast::Core Holdfast::Sql Holdfast::App)
endfunction()

holdfast_compile_document(readme ${Holdfast_SOURCE_DIR}/README.md)
holdfast_compile_document(filelock ${Holdfast_SOURCE_DIR}/docs/filelock.md)
holdfast_compile_document(softfilelock ${Holdfast_SOURCE_DIR}/docs/softfilelock.md)
holdfast_compile_document(softfilelease ${Holdfast_SOURCE_DIR}/docs/softfilelease.md)
holdfast_compile_document(strictsoftfilelock ${Holdfast_SOURCE_DIR}/docs/strictsoftfilelock.md)
holdfast_compile_document(softreadwritelock ${Holdfast_SOURCE_DIR}/docs/softreadwritelock.md)
holdfast_compile_document(readwritelock ${Holdfast_SOURCE_DIR}/docs/readwritelock.md)
holdfast_compile_document(ownerfiles ${Holdfast_SOURCE_DIR}/docs/ownerfiles.md)
holdfast_compile_document(singleinstance ${Holdfast_SOURCE_DIR}/docs/singleinstance.md)
