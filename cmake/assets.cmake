# latchkey_assets(ROOM): puts the portal (web/dist, which script/build makes) into a room's library.
# Without web/dist the binary has no pages, and says so to browsers: enough for working on the server.
function(latchkey_assets room)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  find_program(LATCHKEY_BROTLI brotli REQUIRED)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/dist/*)
  set(output ${CMAKE_BINARY_DIR}/assets)
  add_custom_command(
    OUTPUT ${output}/assets.cpp
    COMMAND ${CMAKE_SOURCE_DIR}/cmake/embed_assets.py ${CMAKE_SOURCE_DIR}/web/dist ${output}
    DEPENDS ${CMAKE_SOURCE_DIR}/cmake/embed_assets.py ${files}
    COMMENT "Compressing the portal" VERBATIM)
  target_sources(${room} PRIVATE ${output}/assets.cpp)
endfunction()
