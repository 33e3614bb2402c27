/* Media of people and the program's own static files. */
#ifndef OPS_FILES_H
#define OPS_FILES_H

#include "http/route.h"

void ops_file_routes(struct router *r);

#endif
