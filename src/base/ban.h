/* Functions that are never right here.  Forced into every .c of src/ by the build (-include), after the system headers it needs. */
#ifndef BASE_BAN_H
#define BASE_BAN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok gets gmtime localtime ctime asctime atoi atol \
    atof srand tmpnam mktemp

/* Headers of libraries name parameters like these two, so that they are renamed, not poisoned: a call does not compile. */
#define rand rand_is_banned_see_base_rng_h
#define random random_is_banned_see_base_rng_h

#endif
