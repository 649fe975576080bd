#include "feature_flags.h"
#include <stdio.h>

int main(void) {
    puts(FEATURE_BUILDWITHTELEMETRY ? "built with telemetry" : "built without telemetry");
    return 0;
}
