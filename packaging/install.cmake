# What is installed: the program with its manual page and completion, libtouchstone (static and shared) with its public
# headers and pkg-config file, and the read-only data the program looks for.

# ---- libraries: only names that begin with ts_ are seen from outside ----
add_library(touchstone SHARED $<TARGET_OBJECTS:ts_objects>)
target_link_libraries(touchstone PRIVATE ts_flags)
target_link_options(touchstone PRIVATE
  -Wl,--version-script=${PROJECT_SOURCE_DIR}/packaging/touchstone.map -Wl,--no-undefined-version)
set_target_properties(touchstone PROPERTIES
  SOVERSION ${PROJECT_VERSION_MAJOR} VERSION ${PROJECT_VERSION}
  LINK_DEPENDS ${PROJECT_SOURCE_DIR}/packaging/touchstone.map)

set(STATIC_LIB ${PROJECT_BINARY_DIR}/libtouchstone.a)
add_custom_command(OUTPUT ${STATIC_LIB}
  COMMAND ${CMAKE_LINKER} -r -o touchstone.o $<TARGET_OBJECTS:ts_objects>
  COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=ts_* touchstone.o
  COMMAND ${CMAKE_COMMAND} -E rm -f ${STATIC_LIB}
  COMMAND ${CMAKE_AR} rcs ${STATIC_LIB} touchstone.o
  DEPENDS ts_objects $<TARGET_OBJECTS:ts_objects>
  WORKING_DIRECTORY ${PROJECT_BINARY_DIR} COMMAND_EXPAND_LISTS VERBATIM COMMENT "libtouchstone.a")
add_custom_target(static_library ALL DEPENDS ${STATIC_LIB})

install(TARGETS touchstone_cli touchstone)
install(FILES ${STATIC_LIB} DESTINATION ${CMAKE_INSTALL_LIBDIR})

# ---- headers: each room's public header and the parts it includes from its own room ----
function(public_headers room header out)
  set(found ${header})
  file(STRINGS ${PROJECT_SOURCE_DIR}/src/${room}/${header} lines REGEX "^#include \"[a-z0-9_]+\\.h\"")
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
               ${PROJECT_SOURCE_DIR}/src/${room}/${header})
  foreach(line ${lines})
    string(REGEX REPLACE ".*\"(.*)\".*" "\\1" part ${line})
    public_headers(${room} ${part} parts)
    list(APPEND found ${parts})
  endforeach()
  list(REMOVE_DUPLICATES found)
  set(${out} ${found} PARENT_SCOPE)
endfunction()

foreach(room ${LIB_ROOMS})
  public_headers(${room} ${room}.h parts)
  list(TRANSFORM parts PREPEND ${PROJECT_SOURCE_DIR}/src/${room}/)
  install(FILES ${parts} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/touchstone/${room})
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/packaging/touchstone.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/touchstone)

# The file finds its prefix from its own place, so that the tree can be moved.
file(RELATIVE_PATH PC_TO_PREFIX /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
configure_file(${PROJECT_SOURCE_DIR}/packaging/touchstone.pc.in touchstone.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/touchstone.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# ---- manual page and completion, from the program's own table of commands ----
add_custom_command(OUTPUT touchstone.1 touchstone.bash _touchstone
  COMMAND touchstone_cli help --share ${PROJECT_SOURCE_DIR} --man > touchstone.1
  COMMAND touchstone_cli help --share ${PROJECT_SOURCE_DIR} --completion bash > touchstone.bash
  COMMAND touchstone_cli help --share ${PROJECT_SOURCE_DIR} --completion zsh > _touchstone
  DEPENDS touchstone_cli WORKING_DIRECTORY ${PROJECT_BINARY_DIR} COMMENT "manual page and completion")
add_custom_target(manual ALL DEPENDS touchstone.1 touchstone.bash _touchstone)
install(FILES ${PROJECT_BINARY_DIR}/touchstone.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_BINARY_DIR}/touchstone.bash RENAME touchstone
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${PROJECT_BINARY_DIR}/_touchstone DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)

# ---- data ----
install(DIRECTORY ${PROJECT_SOURCE_DIR}/i18n ${PROJECT_SOURCE_DIR}/web ${PROJECT_SOURCE_DIR}/rules DESTINATION ${CMAKE_INSTALL_DATADIR}/touchstone)
install(FILES ${PROJECT_SOURCE_DIR}/models/matcher-1.bin ${PROJECT_SOURCE_DIR}/models/matcher-1.md
        DESTINATION ${CMAKE_INSTALL_DATADIR}/touchstone/models)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Examples to copy: the front and the service.
install(FILES ${PROJECT_SOURCE_DIR}/packaging/nginx/touchstone.conf ${PROJECT_SOURCE_DIR}/packaging/touchstone.service
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
