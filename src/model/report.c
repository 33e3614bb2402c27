#include "model/report.h"

const char *const report_category_names[] = { "other", "spam", "legal", "violation", NULL };
