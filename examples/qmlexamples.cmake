# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT

find_package(Qt6 6.4 REQUIRED COMPONENTS Gui Qml)
add_executable(example_qml qml/main.cpp)
target_link_libraries(example_qml PRIVATE Qt6::Gui Qt6::Qml)
add_dependencies(example_qml HoldfastQmlplugin)

# holdfast_qml_example(<folder>): a main.qml that ends by itself, and with 0 when all went as it says.
function(holdfast_qml_example folder)
    if(HOLDFAST_BUILD_TESTS)
        string(REPLACE "-" "_" name "example_${folder}")
        set(place ${CMAKE_CURRENT_BINARY_DIR}/run/${folder})
        file(MAKE_DIRECTORY ${place})
        add_test(NAME ${name} COMMAND example_qml ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/main.qml WORKING_DIRECTORY ${place})
        set_tests_properties(${name} PROPERTIES TIMEOUT 60 ENVIRONMENT QML_IMPORT_PATH=${PROJECT_BINARY_DIR}/qml)
    endif()
endfunction()

holdfast_qml_example(22-qml-file-lock)
holdfast_qml_example(23-qml-readers-and-writers)
holdfast_qml_example(24-qml-banner)
holdfast_qml_example(25-qml-document-lock)
