# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT

# tests/consumer/ is a project of its own, so it cannot be a subdirectory of this one.
add_test(NAME consumer COMMAND ${CMAKE_COMMAND}
    -DBUILD_DIR=${PROJECT_BINARY_DIR} -DWORK_DIR=${CMAKE_CURRENT_BINARY_DIR}/consumer
    -DCXX_COMPILER=${CMAKE_CXX_COMPILER} -DCXX_FLAGS=${CMAKE_CXX_FLAGS} -DBUILD_TYPE=${CMAKE_BUILD_TYPE}
    -DHAS_QML=${HOLDFAST_BUILD_QML}
    -P ${CMAKE_CURRENT_LIST_DIR}/consumer/Run.cmake)
