# latchkey_templates(ROOM): puts the mail templates of src/ROOM/templates into its library, each as it is.
function(latchkey_templates room)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/templates/*)
  set(rows "")
  foreach(file ${files})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    cmake_path(GET file FILENAME name)
    file(READ ${file} content)
    string(APPEND rows "      {\"${name}\", R\"template(${content})template\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/templates.cpp @ONLY CONTENT [[
// Made by cmake/templates.cmake.
#include "@room@/templates.hpp"

namespace latchkey::@room@ {

const std::vector<BuiltIn>& built_in_templates() {
  static const std::vector<BuiltIn> templates{
@rows@  };
  return templates;
}

}  // namespace latchkey::@room@
]])
  target_sources(${room} PRIVATE ${CMAKE_BINARY_DIR}/templates.cpp)
endfunction()
