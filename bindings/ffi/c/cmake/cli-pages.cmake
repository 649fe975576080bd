# Writes the man pages of the command line and its completion for shells into the directory TO. The program is run on the machine that
# builds, so that this works for other targets too; cargo has built it already, unless it was for another one.

set(RUN "${CARGO}" run --quiet --locked --profile "${PROFILE}" --package configcat-management-cli --target-dir "${TARGET_DIR}" --)

function(run)
  execute_process(COMMAND ${RUN} ${ARGN} RESULT_VARIABLE STATUS)
  if(NOT STATUS EQUAL 0)
    message(FATAL_ERROR "configcat-management ${ARGN}: ${STATUS}")
  endif()
endfunction()

file(MAKE_DIRECTORY "${TO}")
run(man "${TO}/man1")
foreach(SHELL bash zsh fish)
  run(completion ${SHELL} OUTPUT_FILE "${TO}/${SHELL}")
endforeach()
