#pragma once

#include <string_view>

/// The files of this folder that go into a report as they are; the build turns them into text.
namespace allot {

extern std::string_view const page_css;
extern std::string_view const table_js;

}
