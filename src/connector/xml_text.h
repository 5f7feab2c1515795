// Reads the XML replies of IAM and STS, which are flat enough to be asked for elements by name. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace armature::connector {

// The text of the first element of that name, unescaped: xml_text("<A><B>x &amp; y</B></A>", "B") is "x & y". An
// element that holds others has their text with their tags. nullopt: there is none.
std::optional<std::string> xml_text(std::string_view xml, std::string_view element);

// The content, as it came, of each <member> of the first list of that name: of <L><member>a</member><member/></L> "a"
// and
// "". Members that hold lists themselves come whole.
std::vector<std::string> xml_members(std::string_view xml, std::string_view list);

}  // namespace armature::connector
