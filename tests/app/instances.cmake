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

foreach(subject instance_answers instance_blocking instance_election instance_forwarding instance_handlers instance_peers instance_sizes)
    holdfast_add_test(app_${subject} SOURCES tst_${subject}.cpp LIBS holdfast_instances)
endforeach()

# From inside: what is made of bytes.
set(message_sources activation.cpp activationmessage.cpp activationticket.cpp framereader.cpp)
list(TRANSFORM message_sources PREPEND ${PROJECT_SOURCE_DIR}/src/app/)
add_library(holdfast_messages STATIC EXCLUDE_FROM_ALL ${message_sources} $<TARGET_OBJECTS:HoldfastOs>
    ${PROJECT_SOURCE_DIR}/include/holdfast/app/activation.h ${PROJECT_SOURCE_DIR}/include/holdfast/app/activationreply.h)
set_target_properties(holdfast_messages PROPERTIES AUTOMOC ON)
target_include_directories(holdfast_messages PUBLIC ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(holdfast_messages PUBLIC HOLDFAST_APP_STATIC_DEFINE)
target_link_libraries(holdfast_messages PUBLIC holdfast_records Holdfast::Core)
holdfast_add_test(app_activationmessage SOURCES tst_activationmessage.cpp LIBS holdfast_messages)

# With windows, and so without the folder's precompiled headers.
find_package(Qt6 6.4 REQUIRED COMPONENTS Gui)
add_executable(tst_app_windowactivation tst_windowactivation.cpp)
set_target_properties(tst_app_windowactivation PROPERTIES AUTOMOC ON)
target_link_libraries(tst_app_windowactivation PRIVATE Holdfast::App Qt6::Gui Qt6::Test)
holdfast_register_test(app_windowactivation COMMAND tst_app_windowactivation)
set_property(TEST app_windowactivation APPEND PROPERTY ENVIRONMENT QT_QPA_PLATFORM=offscreen)

# And on a real X server, which another client listens to.
find_program(XVFB_RUN xvfb-run REQUIRED)
find_library(HOLDFAST_XCB xcb REQUIRED)
add_executable(tst_app_x11startup tst_x11startup.cpp)
set_target_properties(tst_app_x11startup PROPERTIES AUTOMOC ON)
target_link_libraries(tst_app_x11startup PRIVATE Holdfast::App Qt6::Gui Qt6::Test ${HOLDFAST_XCB})
holdfast_register_test(app_x11startup COMMAND ${XVFB_RUN} -a $<TARGET_FILE:tst_app_x11startup>)
set_property(TEST app_x11startup APPEND PROPERTY ENVIRONMENT QT_QPA_PLATFORM=xcb
    "LSAN_OPTIONS=suppressions='${PROJECT_SOURCE_DIR}/tests/helpers/x11.supp'")
