/* A year of an account in numbers. */
#ifndef MODEL_ANNUAL_REPORT_H
#define MODEL_ANNUAL_REPORT_H

#include "base/page.h"
#include "base/str.h"
#include "model/status.h"

struct annual_report {
    int64_t account_id, year;
    struct str data; /* JSON as the API shows it; empty while it is being made */
    bool viewed;
    struct ids status_ids; /* those that data names */
};

struct annual_reports {
    struct annual_report *v;
    size_t n;
};

enum annual_state { ANNUAL_AVAILABLE, ANNUAL_GENERATING, ANNUAL_ELIGIBLE, ANNUAL_INELIGIBLE };
extern const char *const annual_state_names[];

#endif
