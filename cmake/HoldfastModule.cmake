# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT

include(GNUInstallDirs)
include(GenerateExportHeader)
option(BUILD_SHARED_LIBS "Build shared libraries: one registry of locks for the whole process" ON)

# holdfast_stay_loaded(<target>): threads, fork handlers, what threads keep for themselves and types that Qt knows stay for the life
# of the process, so the code must, too, when a plugin that needs it is unloaded.
function(holdfast_stay_loaded target)
    if(BUILD_SHARED_LIBS AND NOT APPLE AND NOT WIN32)
        target_link_options(${target} PRIVATE -Wl,-z,nodelete)
    endif()
endfunction()

# holdfast_add_module(<Name> SOURCES <file>... HEADERS <below include/>... [OBJECTS <object library>...]
#                     [PUBLIC_LIBS <target>...] [PRIVATE_LIBS <target>...])
#
# One library Holdfast::<Name>, one component of the package. The object libraries become part of it, with its
# visibility and its include folders, so a layer can be a target of its own and still belong to one library.
function(holdfast_add_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;OBJECTS;PUBLIC_LIBS;PRIVATE_LIBS")
    set(target Holdfast${name})
    string(TOLOWER ${name} lower)
    string(TOUPPER ${name} upper)
    set(generated ${PROJECT_BINARY_DIR}/include)
    set(export_header ${generated}/holdfast/${lower}_export.h)
    list(TRANSFORM arg_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/include/)

    add_library(${target})
    add_library(Holdfast::${name} ALIAS ${target})
    generate_export_header(${target} BASE_NAME HOLDFAST_${upper} EXPORT_FILE_NAME ${export_header})
    target_sources(${target} PRIVATE ${arg_SOURCES}
        PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include ${generated}
        FILES ${arg_HEADERS} ${export_header})
    target_link_libraries(${target} PUBLIC ${arg_PUBLIC_LIBS} PRIVATE ${arg_PRIVATE_LIBS})
    # An installed Holdfast::App finds the Holdfast::Core beside it.
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} AUTOMOC ON INSTALL_RPATH "$ORIGIN"
        VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
    if(NOT BUILD_SHARED_LIBS)
        target_compile_definitions(${target} PUBLIC HOLDFAST_${upper}_STATIC_DEFINE)
    endif()
    foreach(part IN LISTS arg_OBJECTS)
        target_sources(${target} PRIVATE $<TARGET_OBJECTS:${part}>)
        target_include_directories(${part} PRIVATE ${PROJECT_SOURCE_DIR}/include ${generated})
        target_compile_definitions(${part}
            PRIVATE $<IF:$<BOOL:${BUILD_SHARED_LIBS}>,${target}_EXPORTS,HOLDFAST_${upper}_STATIC_DEFINE>)
    endforeach()
    foreach(part IN LISTS target arg_OBJECTS)
        target_compile_features(${part} PUBLIC cxx_std_20)
        target_include_directories(${part} PRIVATE ${PROJECT_SOURCE_DIR}/src)
        set_target_properties(${part} PROPERTIES POSITION_INDEPENDENT_CODE ON
            CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
    endforeach()

    holdfast_stay_loaded(${target})
    set_property(GLOBAL APPEND PROPERTY HOLDFAST_COMPONENTS ${name})
    set_property(GLOBAL PROPERTY HOLDFAST_LIBS_OF_${name} ${arg_PUBLIC_LIBS} ${arg_PRIVATE_LIBS})
    install(TARGETS ${target} EXPORT Holdfast${name}Targets FILE_SET HEADERS)
    install(EXPORT Holdfast${name}Targets NAMESPACE Holdfast::
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Holdfast)
endfunction()
