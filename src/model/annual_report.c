#include "model/annual_report.h"

const char *const annual_state_names[] = { "available", "generating", "eligible", "ineligible", NULL };
