# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT

find_package(Qt6 6.4 REQUIRED COMPONENTS Network)

add_executable(instanceprocess instanceprocess.cpp)
target_link_libraries(instanceprocess PRIVATE Holdfast::App)

# A target of its own: the tests' precompiled headers know no Qt Network.
add_library(holdfast_strangers STATIC strangers.cpp)
target_compile_features(holdfast_strangers PRIVATE cxx_std_20)
target_link_libraries(holdfast_strangers PUBLIC Qt6::Core PRIVATE Qt6::Network)

add_library(holdfast_instances INTERFACE)
target_compile_definitions(holdfast_instances INTERFACE HOLDFAST_INSTANCEPROCESS="$<TARGET_FILE:instanceprocess>")
target_link_libraries(holdfast_instances INTERFACE holdfast_testing holdfast_strangers Holdfast::App)
add_dependencies(holdfast_instances instanceprocess)

foreach(subject instance_election instance_forwarding instance_handlers instance_peers)
    holdfast_add_test(app_${subject} SOURCES tst_${subject}.cpp LIBS holdfast_instances)
endforeach()
