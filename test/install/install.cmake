# Arguments: BUILD, the built tree; CONSUMER, the user's project; WORK, a folder to use; GENERATOR, COMPILER, FLAGS and
# VERSION, those of the build.
function(run expected)
    execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE code)
    if(NOT code EQUAL 0 OR NOT output MATCHES "${expected}")
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command}\nexit code ${code}, expected 0 and output like '${expected}':\n${output}")
    endif()
endfunction()

set(prefix "${WORK}/prefix")
file(REMOVE_RECURSE "${WORK}")

run("" ${CMAKE_COMMAND} --install "${BUILD}" --prefix "${prefix}")
run("^allot ${VERSION}" "${prefix}/bin/allot" --version)

run("" ${CMAKE_COMMAND} -S "${CONSUMER}" -B "${WORK}/build" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DVERSION=${VERSION}")
run("" ${CMAKE_COMMAND} --build "${WORK}/build")
run("graph_url" "${WORK}/build/consumer")
