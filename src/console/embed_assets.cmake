# Makes an assembly file that includes every file of DIST, and a C++ table of them. A file next to its packed forms
# (x, x.br, x.gz) is one asset with three encodings.
#   cmake -DDIST=… -DASSEMBLY=… -DTABLE=… -P embed_assets.cmake
file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE ${DIST} ${DIST}/*)
list(SORT files)

set(assembly ".section .note.GNU-stack,\"\",@progbits\n.section .rodata\n")
set(declarations "")
set(rows "")
set(number 0)

function(embed path symbol)
  set(assembly
      "${assembly}.globl ${symbol}\n.globl ${symbol}_end\n.balign 16\n${symbol}:\n.incbin \"${path}\"\n${symbol}_end:\n"
      PARENT_SCOPE)
  set(declarations "${declarations}extern const char ${symbol}[], ${symbol}_end[];\n" PARENT_SCOPE)
endfunction()

foreach(file ${files})
  get_filename_component(name ${file} NAME)
  if(name MATCHES "^\\." OR file MATCHES "\\.(br|gz|map)$")
    continue()
  endif()
  set(symbol "armature_console_asset_${number}")
  math(EXPR number "${number} + 1")
  file(SHA256 ${DIST}/${file} hash)
  string(SUBSTRING ${hash} 0 32 hash)
  embed(${DIST}/${file} ${symbol})
  string(APPEND rows "    {\"${file}\", \"${hash}\", {${symbol}, ${symbol}_end}")
  foreach(encoding br gz)
    if(EXISTS ${DIST}/${file}.${encoding})
      embed(${DIST}/${file}.${encoding} ${symbol}_${encoding})
      string(APPEND rows ", {${symbol}_${encoding}, ${symbol}_${encoding}_end}")
    else()
      string(APPEND rows ", {}")
    endif()
  endforeach()
  string(APPEND rows "},\n")
endforeach()

if(rows STREQUAL "")
  set(body "std::span<const EmbeddedAsset> embedded_assets() { return {}; }\n")
else()
  set(body "namespace {\nconst EmbeddedAsset kAssets[] = {\n${rows}};\n}\n
std::span<const EmbeddedAsset> embedded_assets() { return kAssets; }\n")
endif()
file(WRITE ${ASSEMBLY} "${assembly}")
file(WRITE ${TABLE} "// Made by embed_assets.cmake.
#include \"console/assets.h\"

extern \"C\" {
${declarations}}

namespace armature::console {
${body}
}  // namespace armature::console
")
