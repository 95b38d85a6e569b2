# How our own code is compiled, and one OBJECT target per layer.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

if(ALLOT_SANITIZE)
    add_compile_options(-fsanitize=${ALLOT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${ALLOT_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND ALLOT_SANITIZE MATCHES "undefined")
        # clang 14 cannot emit this one for coroutines: "Cannot represent a difference across sections".
        add_compile_options(-fno-sanitize=function)
    endif()
endif()

# allot_own_code(TARGET): language level, include folders and warnings of our own code.
function(allot_own_code target)
    target_compile_features(${target} PRIVATE cxx_std_20)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
    target_compile_definitions(
        ${target} PRIVATE ALLOT_VERSION="${PROJECT_VERSION}" BOOST_ASIO_NO_DEPRECATED)
    if(ALLOT_FAIL_POINTS)
        target_compile_definitions(${target} PRIVATE ALLOT_FAIL_POINTS)
    endif()
    if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Takes anonymous namespaces of a .cpp file for those of a header, as a unity build includes it.
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
    if(ALLOT_WARNINGS_AS_ERRORS)
        target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
            # g++ 12 sees the coroutine frames of Asio's awaitable allocated by one inlined function and freed by
            # another, and takes the pair for a mismatch.
            target_compile_options(${target} PRIVATE -Wno-mismatched-new-delete)
            if(ALLOT_SANITIZE)
                # With sanitizers it takes empty optionals that are moved for ones that are read. The build without
                # them keeps the warning.
                target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
            endif()
        endif()
    endif()
endfunction()

# allot_add_layer(NAME [DEPENDS layers] [LINK libraries]): the OBJECT target allot_NAME of src/NAME. DEPENDS is
# the arrow of the layer table; usage requirements of the layers below come with it.
function(allot_add_layer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;LINK")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    add_library(allot_${name} OBJECT ${sources})
    allot_own_code(allot_${name})
    set(libraries Boost::headers ${arg_LINK})
    foreach(layer IN LISTS arg_DEPENDS)
        get_target_property(below allot_${layer} ALLOT_LAYER_LINK)
        list(APPEND libraries ${below})
    endforeach()
    list(REMOVE_DUPLICATES libraries)
    set_target_properties(allot_${name} PROPERTIES ALLOT_LAYER_LINK "${libraries}")
    target_link_libraries(allot_${name} PRIVATE ${libraries})
endfunction()
