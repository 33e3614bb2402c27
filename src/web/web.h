/* Public HTML pages and feeds, rendered by the server, complete without scripts.  doc/design/pages.md */
#ifndef WEB_WEB_H
#define WEB_WEB_H

struct router;

/* All pages, and the error page for paths that nobody knows.  Compiles the templates, once.  Start-up thread. */
void web_routes(struct router *r);

#endif
