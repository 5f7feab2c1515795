// Reads the XML replies of IAM and STS, which are flat enough to be asked for elements by name. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace armature::connector {

// The text of the first element of that name, unescaped: xml_text("<A><B>x &amp; y</B></A>", "B") is "x & y". An
// element that holds others has their text with their tags. nullopt: there is none.
std::optional<std::string> xml_text(std::string_view xml, std::string_view element);

}  // namespace armature::connector
