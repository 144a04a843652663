# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT
#
# The package files. Include this after the last holdfast_add_module(): it writes down which components there are.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

get_property(HOLDFAST_COMPONENTS GLOBAL PROPERTY HOLDFAST_COMPONENTS)
set(HOLDFAST_COMPONENT_NEEDS "")
foreach(component IN LISTS HOLDFAST_COMPONENTS)
    get_property(libs GLOBAL PROPERTY HOLDFAST_LIBS_OF_${component})
    list(FILTER libs INCLUDE REGEX "^Qt6::")
    list(TRANSFORM libs REPLACE "^Qt6::" "")
    string(APPEND HOLDFAST_COMPONENT_NEEDS "set(_holdfast_qt_of_${component} ${libs})\n")
endforeach()

get_property(qml_dir GLOBAL PROPERTY HOLDFAST_QML_DIR)
set(path_vars "")
if(qml_dir) # else built without the QML module
    set(path_vars PATH_VARS qml_dir)
endif()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Holdfast)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/HoldfastConfig.cmake.in
    ${PROJECT_BINARY_DIR}/HoldfastConfig.cmake INSTALL_DESTINATION ${package_dir} ${path_vars}
    NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Before 1.0 a minor version may break what compiled against the one before.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/HoldfastConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/HoldfastConfig.cmake ${PROJECT_BINARY_DIR}/HoldfastConfigVersion.cmake
    DESTINATION ${package_dir})
