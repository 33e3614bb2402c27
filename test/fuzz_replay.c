/* Runs a fuzz target over files and directories of seeds without libFuzzer: so that ordinary builds replay every corpus. */
#include "base/def.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int
replay(const char *path)
{
    struct stat st;
    FILE *f;
    uint8_t *p;

    if (stat(path, &st) != 0)
        return 0;
    if (S_ISDIR(st.st_mode)) {
        struct dirent **names;
        int n = scandir(path, &names, NULL, alphasort), done = 0;

        for (int i = 0; i < n; i++) {
            char child[4096];

            if (names[i]->d_name[0] != '.') {
                snprintf(child, sizeof(child), "%s/%s", path, names[i]->d_name);
                done += replay(child);
            }
            free(names[i]);
        }
        if (n >= 0)
            free(names);
        return done;
    }
    f = fopen(path, "rb");
    CHECK(f != NULL);
    p = malloc((size_t)st.st_size + 1);
    CHECK(p != NULL && fread(p, 1, (size_t)st.st_size, f) == (size_t)st.st_size);
    fclose(f);
    LLVMFuzzerTestOneInput(p, (size_t)st.st_size);
    free(p);
    return 1;
}

int
main(int argc, char **argv)
{
    int done = 0;

    for (int i = 1; i < argc; i++)
        done += replay(argv[i]);
    printf("replayed %d inputs\n", done);
    return 0;
}
