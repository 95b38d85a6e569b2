# What `cmake --install` puts where: headers, the library, the package that find_package(allot) finds, and the command.
if(NOT PROJECT_IS_TOP_LEVEL)
    return()
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/allot)

install(TARGETS allot EXPORT allot_targets)
install(DIRECTORY include/allot TYPE INCLUDE FILES_MATCHING PATTERN *.hpp)
install(FILES LICENSE TYPE DOC)
if(ALLOT_BUILD_COMMAND)
    if(BUILD_SHARED_LIBS)
        set_target_properties(allot_command PROPERTIES INSTALL_RPATH $ORIGIN/../${CMAKE_INSTALL_LIBDIR})
    endif()
    install(TARGETS allot_command)
endif()

# Names in this package may change with each minor version until 1.0.
write_basic_package_version_file(allot-config-version.cmake COMPATIBILITY SameMinorVersion)
configure_package_config_file(
    src/cmake/allot-config.cmake.in allot-config.cmake INSTALL_DESTINATION ${package_folder}
    NO_SET_AND_CHECK_MACRO)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/allot-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/allot-config-version.cmake
        DESTINATION ${package_folder})
install(EXPORT allot_targets FILE allot-targets.cmake NAMESPACE allot:: DESTINATION ${package_folder})
