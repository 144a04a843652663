// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/systemerror.h"

#include <utility>
#include <variant>

namespace Holdfast::os {

/** A value, or the system's reason why there is none. (std::expected is C++23.) */
template<class T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_content(std::in_place_index<0>, std::move(value)) { }
    Result(SystemError error) : m_content(std::in_place_index<1>, error) { }

    explicit operator bool() const { return m_content.index() == 0; }
    T &operator*() { return std::get<0>(m_content); }
    T *operator->() { return &std::get<0>(m_content); }
    const SystemError &error() const { return std::get<1>(m_content); }

private:
    std::variant<T, SystemError> m_content;
};

/** Success, or the system's reason why not. */
class [[nodiscard]] Status
{
public:
    Status() = default;
    Status(SystemError error) : m_error(error), m_failed(true) { }

    explicit operator bool() const { return !m_failed; }
    const SystemError &error() const { return m_error; }

private:
    SystemError m_error;
    bool m_failed = false;
};

} // namespace Holdfast::os
