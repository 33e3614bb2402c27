/* `dassie trend …`: what may stand among the trends. */
#include "service/trend.h"

#include "cli/cli.h"

static enum err
decide(struct cli *cli, bool on)
{
    static const struct {
        const char *kind;
        enum err (*allow)(struct ctx *c, struct str name, bool on);
    } kinds[] = {
        { "tag", service_tag_allow },
        { "link", service_link_allow },
        { "publisher", service_publisher_allow },
    };

    for (size_t i = 0; i < lengthof(kinds); i++)
        if (str_eqz(cli->words.v[0], kinds[i].kind))
            return kinds[i].allow(cli->c, cli->words.v[1], on);
    return ctx_fail_public(cli->c, ERR_BAD_REQUEST, "What trends is a tag, a link or a publisher");
}

enum err
cli_trend_allow(struct cli *cli)
{
    return decide(cli, true);
}

enum err
cli_trend_refuse(struct cli *cli)
{
    return decide(cli, false);
}
