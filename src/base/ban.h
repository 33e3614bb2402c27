/* Functions that are never right here.  Forced into every .c of src/ by the build (-include), after the system headers it needs. */
#ifndef BASE_BAN_H
#define BASE_BAN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok gets gmtime localtime ctime asctime atoi atol \
    atof rand srand random tmpnam mktemp

#endif
