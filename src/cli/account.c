/* `dassie account …`: accounts of other servers. */
#include "cli/cli.h"
#include "model/account.h"
#include "service/refresh.h"

enum err
cli_account_refetch(struct cli *cli)
{
    struct account *a;

    TRY(service_refresh_account(cli->c, cli->words.v[0], &a));
    cli_print("%.*s@%.*s: %lld posts, %lld followers, %lld followed", STR_ARG(a->username), STR_ARG(a->domain),
        (long long)a->statuses, (long long)a->followers, (long long)a->following);
    return ERR_OK;
}
