# SPDX-FileCopyrightText: 2026 The Holdfast authors
# SPDX-License-Identifier: MIT

# The other editor: a real program that holds documents and speaks over pipes.
add_executable(documentprocess documentprocess.cpp)
target_link_libraries(documentprocess PRIVATE Holdfast::App)
foreach(subject documenthandlers documentlock documentowners documentplaces documentrights documentsave documenttransfers documentwaits)
    holdfast_add_test(app_${subject} SOURCES tst_${subject}.cpp LIBS holdfast_testing Holdfast::App)
    target_compile_definitions(tst_app_${subject} PRIVATE HOLDFAST_DOCUMENTPROCESS="$<TARGET_FILE:documentprocess>"
        GOLDEN_FILES="${CMAKE_CURRENT_SOURCE_DIR}/../records/golden")
    add_dependencies(tst_app_${subject} documentprocess)
endforeach()

holdfast_add_test(app_ownerfiles SOURCES tst_ownerfiles.cpp LIBS Holdfast::App)
